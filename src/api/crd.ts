/** The CustomResourceDefinition of AppTier, made from its schema. */
import { z } from 'zod'
import { group } from './annotations.ts'
import { specSchema } from './apptier-schema.ts'
import { tierName } from './formats.ts'
import { reservedWords } from './peers.ts'

type Json = { readonly [key: string]: unknown }

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a structural schema does not know is left out or said its way. */
function makeStructural(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(makeStructural)
  if (!isMap(schema)) return schema
  // No defaults: what the API server adds to a spec, Argo CD takes for drift, and `render` would not see.
  const { $schema: _, default: __, additionalProperties, const: only, anyOf, properties, ...rest } = schema
  const intOrString = rest['x-kubernetes-int-or-string'] === true
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) kept[key] = makeStructural(value)
  if (isMap(additionalProperties)) kept.additionalProperties = makeStructural(additionalProperties)
  if (isMap(properties))
    kept.properties = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, makeStructural(value)]))
  if (only !== undefined) kept.enum = [only]
  if (anyOf !== undefined && !intOrString) kept.anyOf = makeStructural(anyOf)
  return kept
}

const text = (description: string) => ({ type: 'string', description })

const condition = {
  type: 'object',
  required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
  properties: {
    type: { type: 'string', maxLength: 316 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    reason: { type: 'string', minLength: 1, maxLength: 1024 },
    message: { type: 'string', maxLength: 32768 },
  },
}

const status = {
  type: 'object',
  // By kstatus an object without a status is done: Flux would not wait for the operator to look at a new one.
  default: { observedGeneration: -1 },
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    tier: text('The tier that this object describes.'),
    app: text('The app that it belongs to; - is the unnamed app.'),
    ports: text('The ports that are open, as the annotations write them.'),
    conditions: {
      type: 'array',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    workloadCount: { type: 'integer', format: 'int32' },
    workloads: { type: 'array', items: { type: 'string' }, description: 'KIND/NAME of the workloads that it covers.' },
    policies: { type: 'array', items: { type: 'string' }, description: 'Names of the NetworkPolicies written for it.' },
  },
}

const nameRule = {
  rule: `(has(self.spec) && has(self.spec.tier)) || (size(self.metadata.name) <= ${tierName.most} && self.metadata.name.matches('${tierName.pattern.source}') && !(self.metadata.name in [${reservedWords.map(word => `'${word}'`).join(', ')}]))`,
  message: "metadata.name cannot be a tier's name: give the tier in spec.tier",
}

const columns = [
  { name: 'Tier', type: 'string', jsonPath: '.status.tier' },
  { name: 'App', type: 'string', jsonPath: '.status.app' },
  { name: 'Ports', type: 'string', jsonPath: '.status.ports' },
  { name: 'Workloads', type: 'integer', jsonPath: '.status.workloadCount' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
]

export function makeCustomResourceDefinition(): Json {
  const spec = makeStructural(z.toJSONSchema(specSchema, { io: 'input', unrepresentable: 'any', reused: 'inline' }))
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `apptiers.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: 'AppTier',
        listKind: 'AppTierList',
        plural: 'apptiers',
        singular: 'apptier',
        shortNames: ['tier', 'tiers'],
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'One tier of an application: which pods it is, and who may talk to whom.',
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec,
                status,
              },
              'x-kubernetes-validations': [nameRule],
            },
          },
        },
      ],
    },
  }
}
