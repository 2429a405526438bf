/** Who is there in every case, beside its own pods: a pod that nobody speaks of, the cluster's DNS, and two machines outside. */
import type { Pod } from '../../properties/shapes.ts'
import type { Host, OutsideAddress } from '../fixture/index.ts'
import type { Party } from '../flows/party.ts'
import { dnsLabels } from './plain-cluster.ts'
import type { Case } from './read-case.ts'

export const strangersNamespace = 'elsewhere'
export const stranger = { namespace: strangersNamespace, name: 'stranger-0', labels: { app: 'stranger' } }
const dns = {
  namespace: 'kube-system',
  name: 'kube-dns-0',
  labels: dnsLabels,
  ports: [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
  ],
} as const

export const outsideAddresses: readonly OutsideAddress[] = ['203.0.113.10', '203.0.113.20']

export interface AlwaysThere {
  readonly stranger: Host
  readonly dns: Host
  readonly answers: NonNullable<Party['answers']>
  readonly outside: readonly { readonly address: OutsideAddress; readonly host: Host }[]
}

export function partiesAlwaysThere(hosts: AlwaysThere): readonly Party[] {
  return [
    { ...podParty({ ...stranger, ports: [] }, hosts.stranger), isStranger: true },
    { ...podParty(dns, hosts.dns), workload: 'kube-system/kube-dns', answers: hosts.answers },
    ...hosts.outside.map(({ address, host }): Party => ({ name: address, end: { ip: address }, host })),
  ]
}

export function podParty(
  { namespace, name, labels, ports }: Pick<Pod, 'namespace' | 'name' | 'labels' | 'ports'>,
  host: Host,
): Party {
  const end: Pod = { namespace, name, labels, ports, ips: [host.address], hostNetwork: false, written: true }
  return { name: `${namespace}/${name}`, end, host }
}

/** A machine outside that the case does not speak of is a stranger to it, and so who `anywhere` means. */
export function strangersIn({ steps }: Case, always: readonly Party[]): readonly Party[] {
  const isSpokenOf = (party: Party) => 'name' in party.end || steps.some(({ text }) => text.includes(party.name))
  return always.map(party => (isSpokenOf(party) ? party : { ...party, isStranger: true }))
}
