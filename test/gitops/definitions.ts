/** What Flux asks the API server for: its Kustomization as it ships it, and its sources as far as the tests write them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** The controller watches all of them, whatever it is told to apply. */
const sources = [
  { kind: 'GitRepository', plural: 'gitrepositories' },
  { kind: 'OCIRepository', plural: 'ocirepositories' },
  { kind: 'Bucket', plural: 'buckets' },
]

export function readDefinitions(folder: string): readonly unknown[] {
  const kustomization: unknown = parse(readFileSync(join(folder, 'kustomizations.yaml'), 'utf8'))
  return [kustomization, ...sources.map(defineSource)]
}

/** The module of Flux's sources has their Go types and no definitions. */
function defineSource({ kind, plural }: (typeof sources)[number]): unknown {
  const group = 'source.toolkit.fluxcd.io'
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } },
        },
      ],
    },
  }
}
