/** The schema of an AppTier's spec. The CRD is made from it: `meta` holds what the API server checks beside the shape. */
import { z } from 'zod'
import { isLabelKey, isPortName, isWritten, labelValue, namespaceName, peerName, tierName } from './formats.ts'
import { labelMap, protocol } from './kubernetes.ts'
import { limits } from './limits.ts'
import { reservedWords } from './peers.ts'

const refuse = (what: string) => ({ error: ({ input }: { input?: unknown }) => `'${input}' ${what}` })

/** A rule that the API server evaluates, in CEL. */
export interface CelRule {
  readonly rule: string
  readonly message: string
  readonly fieldPath?: string
}

const cel = (...rules: CelRule[]) => ({ 'x-kubernetes-validations': rules })

const labelKeyShape = { maxLength: 317, pattern: '^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$' }
const labelValueShape = { maxLength: labelValue.most, pattern: labelValue.pattern.source }

const requirement = z
  .strictObject({
    key: z.string().refine(isLabelKey, refuse('is no label key')).meta(labelKeyShape),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: z
      .array(
        z
          .string()
          .refine(text => isWritten(text, labelValue), refuse('is no label value'))
          .meta(labelValueShape),
      )
      .max(limits.selectorTerms)
      .optional(),
  })
  .refine(({ operator, values = [] }) => (operator === 'In' || operator === 'NotIn') === values.length > 0, {
    message: 'In and NotIn need values, Exists and DoesNotExist take none',
    path: ['values'],
  })
  .transform(({ values = [], ...rest }) => ({ ...rest, values }))
  .meta(
    cel({
      rule: "(self.operator == 'In' || self.operator == 'NotIn') == (has(self.values) && size(self.values) > 0)",
      message: 'In and NotIn need values, Exists and DoesNotExist take none',
    }),
  )

const selector = (description: string) =>
  z
    .strictObject({
      matchLabels: labelMap
        .refine(labels => Object.keys(labels).length <= limits.selectorTerms, `at most ${limits.selectorTerms} labels`)
        .meta({
          type: 'object',
          additionalProperties: { type: 'string', ...labelValueShape },
          maxProperties: limits.selectorTerms,
        })
        .optional(),
      matchExpressions: z.array(requirement).max(limits.selectorTerms).optional(),
    })
    .refine(
      value => JSON.stringify(value).length <= limits.characters,
      `a selector may have ${limits.characters} characters`,
    )
    .meta({ description })

const port = z
  .strictObject({
    port: z
      .union(
        [
          z.int().min(1).max(65535),
          z.string().refine(isPortName, refuse('is no container port name: numbers go without quotes')),
        ],
        {
          error: 'expected a number from 1 to 65535 or a container port name',
        },
      )
      .meta({
        'x-kubernetes-int-or-string': true,
        description: 'A port of the pods: a number, or the name of a container port.',
        minimum: 1,
        maximum: 65535,
        maxLength: 15,
        // Single dashes between words, and a letter somewhere.
        pattern: '^([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      }),
    endPort: z
      .int()
      .min(1)
      .max(65535)
      .meta({ format: 'int32', description: 'The last port of a range that starts at port.' })
      .optional(),
    protocol: protocol.default('TCP').meta({ description: 'TCP where it is not given.' }),
  })
  .refine(({ port, endPort }) => endPort === undefined || typeof port === 'number', {
    message: 'endPort goes with a port number',
    path: ['endPort'],
  })
  .refine(({ port, endPort }) => endPort === undefined || typeof port !== 'number' || endPort >= port, {
    message: 'endPort is below port',
    path: ['endPort'],
  })
  .meta(
    cel({
      rule: '!has(self.endPort) || (type(self.port) == int && int(self.port) <= self.endPort)',
      message: 'endPort goes with a port number that is not above it',
    }),
  )
export type PortFields = z.infer<typeof port>

const yes = (description: string) =>
  z.literal(true, { error: 'write true, or take the field away' }).meta({ description }).optional()

export const peerKinds = [
  'tier',
  'cidr',
  'named',
  'anywhere',
  'cluster',
  'sameNamespace',
  'internet',
  'kubeApiserver',
] as const

const kindCount = [
  ...peerKinds.map(kind => `(has(self.${kind}) ? 1 : 0)`),
  '(has(self.podSelector) || has(self.namespaceSelector) ? 1 : 0)',
].join(' + ')

const isEmptyInCel = (of: string) =>
  `((!has(${of}.matchLabels) || size(${of}.matchLabels) == 0) && (!has(${of}.matchExpressions) || size(${of}.matchExpressions) == 0))`

const peerRules = cel(
  {
    rule: `${kindCount} == 1`,
    message: `a peer is of exactly one kind: ${peerKinds.join(', ')}, or podSelector and namespaceSelector`,
  },
  { rule: '!has(self.app) || has(self.tier)', message: 'app goes with tier only' },
  { rule: '!has(self.namespace) || has(self.tier)', message: 'namespace goes with tier only' },
  { rule: '!has(self.except) || has(self.cidr)', message: 'except goes with cidr only' },
  {
    rule: "!has(self.tier) || self.tier != '*' || has(self.app)",
    message: "tier '*' needs the app whose tiers are meant",
  },
  {
    rule: `!has(self.podSelector) || !${isEmptyInCel('self.podSelector')}`,
    message: 'the podSelector is empty: write sameNamespace or cluster, or leave it out beside a namespaceSelector',
  },
  {
    rule: `!has(self.namespaceSelector) || has(self.podSelector) || !${isEmptyInCel('self.namespaceSelector')}`,
    message: 'the namespaceSelector is empty: write cluster or sameNamespace',
  },
  {
    rule: '!has(self.cidr) || (isCIDR(self.cidr) && cidr(self.cidr) == cidr(self.cidr).masked())',
    message: 'cidr is ADDRESS/PREFIX without bits beyond the prefix, such as 10.0.0.0/8',
  },
  {
    rule: '!has(self.cidr) || !isCIDR(self.cidr) || !has(self.except) || self.except.all(e, isCIDR(e) && cidr(e) == cidr(e).masked() && cidr(self.cidr).containsCIDR(e) && cidr(e).prefixLength() > cidr(self.cidr).prefixLength())',
    message: 'each exception is a smaller range inside cidr',
  },
)

const appShape = { maxLength: 63, pattern: '^(-|[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$' }
const notReserved = (of: string) => `!(${of} in [${reservedWords.map(word => `'${word}'`).join(', ')}])`

export const peerSchema = z
  .strictObject({
    tier: z
      .string()
      .meta({
        maxLength: 63,
        pattern: '^(\\*|[a-z]([-a-z0-9]*[a-z0-9])?)$',
        description: "A tier of the same app, or of app; '*' is every tier of app.",
        ...cel({ rule: notReserved('self'), message: 'this word is a kind of peer, not a tier' }),
      })
      .optional(),
    app: z
      .string()
      .meta({ ...appShape, description: 'The app of tier; - is the unnamed app.' })
      .optional(),
    namespace: z
      .string()
      .refine(name => isWritten(name, namespaceName), `expected ${namespaceName.means}`)
      .meta({
        maxLength: namespaceName.most,
        pattern: namespaceName.pattern.source,
        description: 'The namespace of tier. Both sides must name each other.',
      })
      .optional(),
    podSelector: selector('Pods by label: of this namespace, or of those that namespaceSelector selects.').optional(),
    namespaceSelector: selector('Namespaces by label.').optional(),
    cidr: z.string().meta({ maxLength: 49, description: 'An address range.' }).optional(),
    except: z
      .array(z.string().meta({ maxLength: 49 }))
      .max(limits.exceptions)
      .meta({ description: 'Ranges inside cidr that are not meant.' })
      .optional(),
    named: z
      .string()
      .refine(name => isWritten(name, peerName), `expected ${peerName.means}`)
      .meta({
        maxLength: peerName.most,
        pattern: peerName.pattern.source,
        description: "A peer that the cluster's admin defined in the configuration.",
      })
      .optional(),
    anywhere: yes('Everyone, inside and outside.'),
    cluster: yes('Any pod of any namespace.'),
    sameNamespace: yes('Any pod of this namespace.'),
    internet: yes('Public addresses only.'),
    kubeApiserver: yes('The endpoints of the API server.'),
    ports: z
      .array(port)
      .min(1, 'write at least one port, or take the field away')
      .max(limits.ports)
      .meta({ description: "In from: in place of the tier's ports. In to: what is left of what the tier accepts." })
      .optional(),
  })
  .meta(peerRules)
export type PeerFields = z.infer<typeof peerSchema>

export const specSchema = z.strictObject({
  app: z
    .string()
    .meta({ ...appShape, description: 'Default: the label app.kubernetes.io/part-of, else the unnamed app.' })
    .optional(),
  tier: z
    .string()
    .meta({
      maxLength: tierName.most,
      pattern: tierName.pattern.source,
      description: 'Default: metadata.name.',
      ...cel({ rule: notReserved('self'), message: 'this word is a kind of peer, not a tier' }),
    })
    .optional(),
  selector: selector('The pods of this tier by label, whoever made them.')
    .meta(cel({ rule: `!${isEmptyInCel('self')}`, message: 'the selector is empty: name the pods by their labels' }))
    .optional(),
  ports: z
    .array(port)
    .max(limits.ports)
    .meta({ description: 'Pod ports that accept traffic. Default: those of the preset (web 80, api 5000, db 3306).' })
    .optional(),
  from: z.array(peerSchema).max(limits.peers).meta({ description: 'Who may connect; [] is nobody.' }).optional(),
  to: z
    .array(peerSchema)
    .max(limits.peers)
    .meta({ description: "Where it may connect, beyond what other tiers' from already imply." })
    .optional(),
})
