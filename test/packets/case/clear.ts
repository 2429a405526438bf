/** Takes away all that was written, so that the next one finds empty namespaces; they stay, without what was said of them. */
import { type Cluster, eventually } from '../../operator/cluster.ts'
import type { Labels } from '../../properties/shapes.ts'
import type { Lab } from './lab.ts'
import type { Case } from './read-case.ts'

const collections = [
  ['apps/v1', 'deployments'],
  ['apps/v1', 'statefulsets'],
  ['tierwall.dev/v1alpha1', 'apptiers'],
  ['networking.k8s.io/v1', 'networkpolicies'],
]

export async function clearNamespace(
  { client, apply }: Cluster,
  namespace: string,
  labels: Labels = {},
): Promise<void> {
  for (const [group, plural] of collections) {
    const path = `/apis/${group}/namespaces/${namespace}/${plural}`
    const { status } = await client.request('DELETE', path)
    if (status !== 200) throw new Error(`${path} stays: ${status}`)
  }
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
}

export async function clearCase({ api, readScene }: Lab, { name, steps }: Case): Promise<void> {
  const objects = steps.flatMap(step => step.objects)
  const namespaces = objects.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? [metadata.name] : []))
  await Promise.all([...new Set(namespaces)].map(namespace => clearNamespace(api, namespace)))
  for (const { kind, metadata } of objects)
    if (kind === 'Service')
      await api.client.request('DELETE', `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`)
  await eventually(async () => {
    const { policies } = await readScene()
    const left = policies.filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ''))
    if (left.length > 0) throw new Error(`${name}: ${left.length} policies stay`)
  })
}
