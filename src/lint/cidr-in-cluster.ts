import { type Cidr, containsCidr, readCidr } from '../api/cidr.ts'
import type { Pod } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, writeRef } from '../api/source.ts'
import { apiServerEndpoints } from '../graph/apiserver.ts'
import { entriesOf } from '../intent/members.ts'
import { refOf } from '../intent/snapshot.ts'
import type { Survey } from './survey/index.ts'

/** An address range that means the cluster's own pods or Services, which CNIs do not match by address. */
export function cidrInCluster(survey: Survey): Problem[] {
  const known = knownAddresses(survey)
  return survey.decision.graph.members
    .flatMap(({ from, to }) => [...entriesOf(from), ...entriesOf(to)])
    .flatMap(({ peer, because }) => {
      const finding = peer.kind === 'cidr' ? judge(peer.cidr, known) : undefined
      return finding ? [problemAt(because, 'cidr-in-cluster', finding.message, finding.fix)] : []
    })
}

interface Known {
  /** Of Services and of pods, as a CIDR of one address. */
  readonly services: ReadonlyMap<string, string>
  readonly pods: ReadonlyMap<string, string>
  /** Addresses of nodes, which policies do match. */
  readonly nodes: readonly Cidr[]
  readonly ranges: readonly Cidr[]
}

function knownAddresses({ decision }: Survey): Known {
  const { snapshot } = decision
  const { services, configuration } = snapshot
  const nodes = [
    ...apiServerEndpoints(snapshot).map(({ address }) => address),
    ...new Set(snapshot.pods.flatMap(({ status }) => (status.hostIP === undefined ? [] : [status.hostIP]))),
  ]
  return {
    services: new Map(services.flatMap(service => named([service.spec.clusterIP ?? ''], refOf(service)))),
    pods: new Map(
      snapshot.pods.filter(({ spec }) => !spec.hostNetwork).flatMap(pod => named(addressesOf(pod), refOf(pod))),
    ),
    nodes: nodes.map(single).flatMap(readRange),
    ranges: configuration.clusterRanges.flatMap(readRange),
  }
}

function addressesOf({ status }: Pod): readonly string[] {
  return [...status.podIPs.map(({ ip }) => ip), ...(status.podIP === undefined ? [] : [status.podIP])]
}

/** In the spelling that peers have. */
function named(ips: readonly string[], ref: ObjectRef): (readonly [string, string])[] {
  return ips
    .map(single)
    .flatMap(readRange)
    .map(({ text }) => [text, writeRef(ref)] as const)
}

function single(ip: string): string {
  return `${ip}/${ip.includes(':') ? 128 : 32}`
}

function readRange(text: string): Cidr[] {
  const read = readCidr(text)
  return 'value' in read ? [read.value] : []
}

function judge(cidr: string, known: Known): { readonly message: string; readonly fix: string } | undefined {
  const service = known.services.get(cidr)
  if (service !== undefined)
    return {
      message: `${cidr} is the address of ${service}: policies see the pods behind it instead`,
      fix: service === 'Service default/kubernetes' ? 'write kube-apiserver' : 'write the tier of the pods behind it',
    }
  const pod = known.pods.get(cidr)
  const byName = 'write a tier, *.NAMESPACE or a selector'
  if (pod !== undefined)
    return { message: `${cidr} is the address of ${pod}, which another pod may have tomorrow`, fix: byName }
  const [range] = readRange(cidr)
  const around = range && known.ranges.find(one => containsCidr(one, range))
  if (!range || !around || known.nodes.some(node => containsCidr(range, node))) return undefined
  return {
    message: `${cidr} is inside of the cluster's ${around.text}: many CNIs do not match pods by address`,
    fix: byName,
  }
}
