/** Where is DNS, does it answer, and what would `allow-dns` open? */
import type { KubernetesObject } from '../../api/kubernetes.ts'
import { writePorts } from '../../api/ports.ts'
import type { ObjectRef } from '../../api/source.ts'
import { decide } from '../../engine.ts'
import { serviceNameLabel } from '../../graph/apiserver.ts'
import type { Dns, DnsOpening } from '../../graph/dns.ts'
import { listFew } from '../../lint/survey/list-few.ts'
import { configurationOf } from '../configured.ts'
import type { Configured, Look } from '../facts.ts'
import { type Check, couldNotLook, doubt, failure, fine, type Remark } from '../finding.ts'

export const dns: Check = {
  name: 'DNS',
  judge: ({ dns, configured }) => {
    if ('unseen' in dns) return [couldNotLook(dns.unseen)]
    const found = locateDns(dns.seen, configured)
    const { openings, problems } = found
    const services = openings.flatMap(({ because, peer, ports }) =>
      because.said === 'object' ? [judgeService(because.object, { peer, ports }, dns.seen)] : [],
    )
    const missing = problems.map(({ message, fix }) => failure(message, unresolved, fix))
    return services.length + missing.length === 0 ? [judgeWithout(found)] : [...services, ...missing]
  },
}

const unresolved = 'names are not resolved in isolated namespaces'

export function locateDns(objects: readonly KubernetesObject[], configured: Look<Configured>): Dns {
  return decide(objects, configurationOf(configured)).graph.dns
}

type Way = Pick<DnsOpening, 'peer' | 'ports'>

function judgeService({ namespace, name }: ObjectRef, way: Way, objects: readonly KubernetesObject[]): Remark {
  const what = `Service ${namespace}/${name}: ${writeWay(way)}`
  const endpoints = objects.flatMap(entry => {
    if (entry.is !== 'endpointSlice' || entry.object.metadata.namespace !== namespace) return []
    return entry.object.metadata.labels[serviceNameLabel] === name ? entry.object.endpoints : []
  })
  if (endpoints.some(({ conditions }) => conditions.ready !== false)) return fine(what)
  const fix = `kubectl -n ${namespace} get pods`
  return doubt(`${what}, and none of its pods is ready`, 'names are not resolved anywhere', fix)
}

function judgeWithout({ openings: [first, ...more] }: Dns): Remark {
  if (more.length > 0) return fine(`by the configuration: ${listFew(more.map(writeWay))}`)
  return failure(
    `no Service for it was found: ${writeWay(first)}`,
    `if DNS is elsewhere, ${unresolved}`,
    'name its Service in dns.services of the configuration, or its pods or addresses in dns.peers',
  )
}

function writeWay({ peer, ports }: Way): string {
  return `allow-dns opens ${writePorts(ports)} to ${writePeer(peer)}`
}

function writePeer(peer: DnsOpening['peer']): string {
  if (peer.is === 'addresses') return listFew(peer.blocks.map(({ cidr }) => cidr))
  if (peer.is !== 'pods') return peer.is
  const [namespace = 'this namespace'] = Object.values(peer.namespaceSelector?.matchLabels ?? {})
  const labels = Object.entries(peer.podSelector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  return `pods ${labels.join(', ')} in ${namespace}`
}
