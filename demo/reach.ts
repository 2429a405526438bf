/** Who can reach whom, by what the API server holds at this moment: its pods, and all of its NetworkPolicies. */
import { z } from 'zod'
import { type KubernetesObject, type NetworkPolicy, type Pod, readerOf } from '../src/api/kubernetes.ts'
import { pathOf, type Resource } from '../src/cluster/index.ts'
import type { Client } from '../src/controlplane/client.ts'
import { type AddressEnd, evaluateFlow, indexPolicies, type PodEnd } from '../src/evaluate/index.ts'
import { pods, resources } from '../src/live/resources.ts'

export const places = ['web', 'api', 'db', 'stranger', 'outside'] as const
export type Place = (typeof places)[number]

export interface Door {
  readonly to: Place
  readonly port: number
}

export const doors: readonly Door[] = [
  { to: 'web', port: 80 },
  { to: 'api', port: 5000 },
  { to: 'db', port: 3306 },
  { to: 'outside', port: 443 },
]

/** Those that are open, as `web -> api:5000`. */
export type Reach = ReadonlySet<string>

export function writeWay(from: Place, { to, port }: Door): string {
  return `${from} -> ${to}:${port}`
}

export const allWays: Reach = new Set(
  places.flatMap(from => doors.filter(({ to }) => to !== from).map(door => writeWay(from, door))),
)

/** Nothing as long as not every place has its pod. */
export async function readReach(client: Client): Promise<Reach | undefined> {
  const found = await listObjects(client, pods, 'Pod')
  const namespaces = await listObjects(client, resources.namespaces, 'Namespace')
  const policies = await listPolicies(client)
  const endOf = (namespace: string, app: string): PodEnd | undefined => {
    const pod = found.flatMap(object => (object.is === 'pod' ? [object.object] : [])).find(isOf(namespace, app))
    const labels = namespaces.find(({ object }) => object.metadata.name === namespace)?.object.metadata.labels
    return pod && labels && { ...toEnd(pod), namespaceLabels: labels }
  }
  const ends = {
    web: endOf('shop', 'web'),
    api: endOf('shop', 'api'),
    db: endOf('shop', 'db'),
    stranger: endOf('lab', 'stranger'),
    outside,
  }
  if (Object.values(ends).includes(undefined)) return undefined
  const index = indexPolicies(policies)
  const isOpen = (from: Place, { to, port }: Door) => {
    const [source, destination] = [ends[from], ends[to]]
    return source && destination && evaluateFlow(index, source, destination, { port, protocol: 'TCP' }).allowed
  }
  return new Set(
    places.flatMap(from =>
      doors.filter(door => door.to !== from && isOpen(from, door)).map(door => writeWay(from, door)),
    ),
  )
}

export async function listPolicies(client: Client): Promise<readonly NetworkPolicy[]> {
  const found = await listObjects(client, resources.networkPolicies, 'NetworkPolicy')
  return found.flatMap(object => (object.is === 'networkPolicy' ? [object.object] : []))
}

/** Of a block for documentation, so nobody's. */
const outside: AddressEnd = { is: 'address', ip: '203.0.113.77' }

const isOf =
  (namespace: string, app: string) =>
  ({ metadata }: Pod) =>
    metadata.namespace === namespace && metadata.labels.app === app

function toEnd({ metadata, spec, status }: Pod): Omit<PodEnd, 'namespaceLabels'> {
  return {
    is: 'pod',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: metadata.labels,
    ips: status.podIPs.map(({ ip }) => ip),
    hostNetwork: spec.hostNetwork,
    ports: spec.containers.flatMap(({ ports }) => ports),
  }
}

const list = z.object({ items: z.array(z.looseObject({})) })

/** The items of a list don't say what they are. */
async function listObjects(client: Client, resource: Resource, kind: string): Promise<readonly KubernetesObject[]> {
  const { status, body } = await client.request('GET', pathOf(resource))
  if (status !== 200) throw new Error(`the API server answers ${status} to a list of ${resource.plural}`)
  const apiVersion = [resource.group, resource.version].filter(Boolean).join('/')
  return list.parse(body).items.map(item => {
    const read = readerOf(apiVersion, kind)?.({ ...item, apiVersion, kind })
    if (!read?.success) throw new Error(`a ${kind} of the API server cannot be read: ${read?.error.message}`)
    return read.data
  })
}
