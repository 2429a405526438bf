/** Workloads of a case → pods made from their templates, and parties of them. */
import type { Probe } from '../../properties/oracle.ts'
import type { Pod } from '../../properties/shapes.ts'
import type { PacketCluster, PodOptions } from '../fixture/index.ts'
import type { Party } from '../flows/party.ts'
import { podParty } from './always.ts'
import type { Json } from './object.ts'
import type { Case, Step } from './read-case.ts'
import { containerPortsOf } from './world-of.ts'

export interface PodPlan extends Pick<Pod, 'namespace' | 'name' | 'labels' | 'ports'> {
  readonly workload: string
}

export function planPods({ steps }: Case, { known }: Step): readonly PodPlan[] {
  const replicas = new Map(steps.flatMap(({ objects }) => objects.flatMap(replicasOf)))
  const lines = steps.flatMap(step => step.lines)
  return known
    .flatMap(({ is, object }) => (is === 'workload' ? [object] : []))
    .flatMap(one => {
      const { name, namespace = '' } = one.metadata
      const workload = `${namespace}/${name}`
      const { labels } = one.template.metadata
      const ports = containerPortsOf(one.template.spec.containers.flatMap(container => container.ports))
      // Two can meet each other, which one cannot; more show nothing new.
      const meet = lines.some(({ from, to }) => from === to && (from === name || from === workload))
      const count = meet || (replicas.get(workload) ?? 1) > 1 ? 2 : 1
      return Array.from({ length: count }, (_, place) => ({
        workload,
        namespace,
        name: `${name}-${place}`,
        labels,
        ports,
      }))
    })
}

export async function makePod(cluster: PacketCluster, plan: PodPlan, probes: readonly Probe[]): Promise<Party> {
  const { namespace, labels, ports, workload } = plan
  const host = await cluster.addPod({ namespace, name: nameInCluster(plan), labels, ports: listeningOn(probes, ports) })
  return { ...podParty(plan, host), workload }
}

export async function removePods(cluster: PacketCluster, parties: readonly Party[]): Promise<void> {
  const pods = parties.flatMap(({ end }) => ('name' in end ? [end] : []))
  await Promise.all(pods.map(pod => cluster.removePod(pod.namespace, nameInCluster(pod))))
}

/** A StatefulSet would take `db-0` for one of its own, and delete it, since it is to have none. */
const nameInCluster = ({ name }: Pick<Pod, 'name'>) => `${name}-made`

/** Everybody listens everywhere, so that nothing but policies is in the way; names are those that the template has. */
export function listeningOn(probes: readonly Probe[], ports: Pod['ports']): PodOptions['ports'] {
  const own = ports.map(({ name, containerPort: port, protocol }) => ({
    port,
    protocol,
    ...(name === '' ? {} : { name }),
  }))
  const isOwn = ({ port, protocol }: Probe) => own.some(one => one.port === port && one.protocol === protocol)
  return [...own, ...probes.filter(probe => !isOwn(probe))]
}

const hasReplicas = ({ kind }: Json) => kind === 'Deployment' || kind === 'StatefulSet'
const specOf = ({ spec }: Json): object => (typeof spec === 'object' && spec !== null ? spec : {})

function replicasOf(object: Json): readonly (readonly [string, number])[] {
  const spec = specOf(object)
  if (!hasReplicas(object) || !('replicas' in spec)) return []
  return [[`${object.metadata.namespace}/${object.metadata.name}`, Number(spec.replicas)]]
}

/** As it is applied: the pods are made here, so that its controller is to make none. */
export function withoutReplicas(object: Json): Json {
  return hasReplicas(object) ? { ...object, spec: { ...specOf(object), replicas: 0 } } : object
}
