/** Graph in, NetworkPolicies out: one a tier's member, and each namespace's default-deny and allow-dns. */
import { written } from '../api/annotations.ts'
import { isNonEmpty } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { writeSource } from '../api/source.ts'
import type { Graph } from '../graph/index.ts'
import type { NamespaceIntent } from '../intent/namespaces.ts'
import type { Member } from '../intent/tier.ts'
import { sharedNames } from './name.ts'
import { egressOnWire, writePolicy } from './on-wire.ts'
import { type PeerWriter, writePeers } from './peers.ts'
import { type Grant, makeRules, type Rule } from './rules.ts'
import { type DesiredPolicy, type DnsRules, type MemberGrants, policyOf } from './tier-policy.ts'

export type { DesiredPolicy }

export interface NamespacePolicies {
  readonly namespace: string
  readonly intent: NamespaceIntent
  /** In the order in which they are safe to apply: tiers, allow-dns, default-deny. */
  readonly policies: readonly DesiredPolicy[]
}

export interface Rendering {
  readonly namespaces: readonly NamespacePolicies[]
  readonly problems: readonly Problem[]
}

export function renderPolicies(graph: Graph): Rendering {
  const problems: Problem[] = []
  const peers = writePeers()
  const dns = dnsRules(graph, peers)
  const grants = gatherGrants(graph, peers)
  const byNamespace = Map.groupBy(
    graph.members.filter(({ sound }) => sound),
    ({ key }) => key.namespace,
  )
  const names = [...new Set([...byNamespace.keys(), ...graph.intent.isolated])].sort()
  const namespaces = names.flatMap((namespace): NamespacePolicies[] => {
    const intent = graph.intent.isolationOf(namespace)
    if (intent.isolation === 'broken' || intent.isolation === 'refused') return []
    const members = byNamespace.get(namespace) ?? []
    const tiers = members
      .map(member => policyOf(member, grants.get(member) ?? { ingress: [], egress: [] }, dns))
      .filter(desired => fits(desired, problems))
      .sort((a, b) => (a.policy.metadata.name < b.policy.metadata.name ? -1 : 1))
    if (members.length > 0 && tiers.length === 0) return []
    return [
      {
        namespace,
        intent,
        policies: [...tiers, allowDns(namespace, intent, dns.rules), defaultDeny(namespace, intent)],
      },
    ]
  })
  return { namespaces, problems }
}

function gatherGrants({ tierEdges, openEdges }: Graph, peers: PeerWriter): ReadonlyMap<Member, MemberGrants> {
  const grants = new Map<Member, MemberGrants>()
  const of = (member: Member): MemberGrants => {
    const known = grants.get(member) ?? { ingress: [], egress: [] }
    grants.set(member, known)
    return known
  }
  for (const { client, server, serverSide, clientSide, because } of tierEdges) {
    if (isNonEmpty(serverSide))
      of(server).ingress.push({ to: peers.member(client, server.key.namespace), ports: serverSide, because })
    if (isNonEmpty(clientSide))
      of(client).egress.push({ to: peers.member(server, client.key.namespace), ports: clientSide, because })
  }
  for (const { member, direction, peer, ports, because } of openEdges)
    for (const to of peers.outside(peer)) of(member)[direction].push({ to, ports, because })
  return grants
}

function dnsRules({ dns }: Graph, peers: PeerWriter): DnsRules {
  const grants = dns.openings.flatMap(({ peer, ports, because }) =>
    peers.outside(peer).map((to): Grant => ({ to, ports, because: [because] })),
  )
  const rules = makeRules(grants)
  return { rules, key: JSON.stringify(rules) }
}

function allowDns(namespace: string, { because }: NamespaceIntent, dns: readonly Rule[]): DesiredPolicy {
  const spec = { podSelector: {}, ...egressOnWire(dns), policyTypes: ['Egress'] as const }
  return {
    ingress: [],
    egress: dns,
    policy: writePolicy(sharedNames.dns, namespace, {}, { [written.because]: writeSource(because) }, spec),
  }
}

function defaultDeny(namespace: string, { because }: NamespaceIntent): DesiredPolicy {
  const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] as const }
  return {
    ingress: [],
    egress: [],
    policy: writePolicy(sharedNames.deny, namespace, {}, { [written.because]: writeSource(because) }, spec),
  }
}

/** etcd refuses requests over 1.5 MiB. Writing a policy out is slow, and few peers or short ones are never too much. */
const mostBytes = 1_000_000

function fits({ policy, member, ingress, egress }: DesiredPolicy, problems: Problem[]): boolean {
  const rules = [...ingress, ...egress]
  const peers = rules.reduce((sum, { because }) => sum + because.length, 0)
  if (peers < 100 || !member) return true
  const bytes = Buffer.byteLength(JSON.stringify(policy))
  if (bytes <= mostBytes) return true
  const message = `the policy for ${member.key.tier} has ${peers} peers and ${bytes} bytes`
  const fix = 'cover the workloads of its peers by AppTiers with selectors, or name a namespace'
  problems.push(problemAt(member.because, 'policy-too-large', message, fix))
  return false
}
