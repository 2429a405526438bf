/** Specs of AppTiers that are nearly right: each part is mostly as it should be, and now and then a little off. */
import fc from '../seeded.ts'

const near = <T, W>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<W>) =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: wrong })
const some = <T>(arbitrary: fc.Arbitrary<T>, most = 3) => fc.array(arbitrary, { maxLength: most })
const oneOf = fc.constantFrom

/** Never null, and label keys that are right: on these the two doors are known to differ. */
const odd = oneOf<unknown>('', 'x', 0, -1, 1.5, true, false, [], {}, ['x'])

/** Words around the edges of a pattern. */
const word = (letters: string) =>
  fc.string({ unit: oneOf(...letters.split('')), minLength: 1, maxLength: 5 }).map(text => text.replace(/-+$/, ''))
const tierName = near(
  oneOf('web', 'api', 'db', 'cluster-1', 'a'.repeat(63)),
  fc.oneof(word('aZ0-._*'), oneOf('cluster', '*', 'a'.repeat(64)), odd),
)
const appName = near(
  oneOf('shop', '-', 'My.Shop_2', 'b'.repeat(63)),
  fc.oneof(word('aZ0-._/'), oneOf('b'.repeat(64)), odd),
)
const namespace = near(oneOf('shop', '0', 'data-2'), fc.oneof(word('aZ0-.'), oneOf('c'.repeat(64)), odd))

const portNumber = fc.oneof(oneOf(1, 80, 65535), fc.integer({ min: 1, max: 65535 }))
const portName = near(oneOf('http', 'a', '9p', 'a-b-c'), fc.oneof(word('a9-'), word('aZ_. ')))
const port = fc.oneof(
  fc.record(
    {
      port: near(fc.oneof(portNumber, portName), fc.oneof(oneOf(0, 65536, -80, '80', 8.5), odd)),
      protocol: near(oneOf('TCP', 'UDP', 'SCTP'), oneOf('tcp', 'ICMP', '', 6)),
    },
    { requiredKeys: ['port'] },
  ),
  fc
    .tuple(portNumber, near(fc.nat(70_000), oneOf(-1, 0, -70_000)))
    .map(([first, more]) => ({ port: first, endPort: first + more })),
)

const family4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => {
    const network = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0
    return `${[24, 16, 8, 0].map(shift => (network >>> shift) & 255).join('.')}/${prefix}`
  })
const family6 = oneOf('::/0', '2001:db8::/32', '2001:DB8:1::/48', 'fe80::/10', '2001:db8::1/128', '64:ff9b::/96')
const wrongRange = fc.oneof(
  word('0123456789./').map(text => `10.${text}`),
  word('0123456789abcdef:/').map(text => `2001:${text}`),
  oneOf('10.0.0.1/8', '2001:db8::1/32', '::ffff:1.2.3.4/128', '1.2.3.4', '01.2.3.4/32', '1.2.3.4/032', '1.2.3.4/+32'),
  odd,
)
const range = near(fc.oneof(family4, family6), wrongRange)
const block = fc.oneof(
  fc.record({ cidr: range, except: some(range, 1) }, { requiredKeys: ['cidr'] }),
  fc.record({
    cidr: oneOf('0.0.0.0/0', '10.0.0.0/8'),
    except: some(oneOf('10.1.0.0/16', '10.1.2.0/24', '10.255.255.255/32')),
  }),
  fc.record({ cidr: oneOf('::/0', '2001:db8::/32'), except: some(oneOf('2001:db8:1::/48', '2001:db8::1/128')) }),
)

const labelValue = near(oneOf('', 'db', 'A_1.b', 'd'.repeat(63)), fc.oneof(word('aZ0-._ '), oneOf('d'.repeat(64)), odd))
const labelKey = oneOf('role', 'app.kubernetes.io/name', 'A_1.b', 'constructor')
const requirement = fc.oneof(
  fc.record({ key: labelKey, operator: oneOf('In', 'NotIn'), values: near(some(labelValue), oneOf([])) }),
  fc.record(
    { key: labelKey, operator: near(oneOf('Exists', 'DoesNotExist'), oneOf('exists', 'Is')), values: oneOf([]) },
    { requiredKeys: ['key', 'operator'] },
  ),
)
const selector = near(
  fc.record(
    {
      matchLabels: fc.dictionary(labelKey, labelValue, { noNullPrototype: true, maxKeys: 2 }),
      matchExpressions: some(requirement, 2),
    },
    { requiredKeys: [] },
  ),
  odd,
)

const peerPorts = near(fc.array(port, { minLength: 1, maxLength: 2 }), oneOf<unknown>([], 80, '80'))
const word1 = oneOf('anywhere', 'cluster', 'sameNamespace', 'internet', 'kubeApiserver').chain(kind =>
  near(oneOf(true), odd).map(value => ({ [kind]: value })),
)
const kind = fc.oneof(
  fc.record({ tier: tierName, app: appName, namespace }, { requiredKeys: ['tier'] }),
  fc.record({ tier: oneOf('*'), app: appName }, { requiredKeys: [] }),
  block,
  fc.record({ podSelector: selector, namespaceSelector: selector }, { requiredKeys: [] }),
  fc.record({ named: near(oneOf('monitoring', '0'), fc.oneof(word('aZ0-.@'), odd)) }),
  word1,
)
const peer = near(
  fc.oneof(
    { weight: 3, arbitrary: kind },
    { weight: 1, arbitrary: fc.tuple(kind, peerPorts).map(([kind, ports]) => ({ ...kind, ports })) },
  ),
  fc.oneof(
    fc.tuple(kind, kind).map(([one, other]) => ({ ...one, ...other })),
    fc
      .tuple(kind, oneOf('except', 'app', 'namespace', 'teir'), odd)
      .map(([one, key, value]) => ({ ...one, [key]: value })),
    odd,
  ),
)

export const nearSpec: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record(
      { app: appName, tier: tierName, selector, ports: some(port), from: some(peer), to: some(peer, 2) },
      { requiredKeys: [] },
    ),
    near(oneOf({}), oneOf({ teir: 'web' }, { ports: 80 }, { from: 'web' }, { selector: [] })),
  )
  .map(parts => Object.assign({}, ...parts))
