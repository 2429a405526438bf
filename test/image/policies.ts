/** NetworkPolicies as they are compared: by name, with what they do; what the API server adds is left out. */
import { z } from 'zod'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import { decide, desiredPolicies } from '../../src/engine.ts'
import { readManifests } from '../../src/manifests/manifests.ts'

const shape = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({}),
})

/** Of a list of policies, or of the manifests that they are rendered from. */
export function policiesOf(given: string | readonly unknown[]): Readonly<Record<string, unknown>> {
  const policies = typeof given === 'string' ? renderHere(given) : given
  const read = policies.map(each => shape.parse(each))
  const named = read.map(({ metadata: { name, namespace, labels }, spec }) => [
    `${namespace}/${name}`,
    { labels, spec },
  ])
  return Object.fromEntries(named)
}

function renderHere(manifests: string): readonly unknown[] {
  const { objects } = readManifests([{ file: 'manifests.yaml', text: manifests }])
  return desiredPolicies(decide(objects, defaultConfiguration)).map(({ policy }) => policy)
}
