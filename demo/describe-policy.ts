/** A NetworkPolicy in a few words: `in: web:5000  out: DNS, db:3306`. */
import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort } from '../src/api/kubernetes.ts'

export function describePolicy({ podSelector, policyTypes = [], ingress = [], egress = [] }: NetworkPolicy['spec']) {
  const isAll = describeSelector(podSelector) === ''
  const ways = [
    ...(policyTypes.includes('Ingress')
      ? [`in: ${describeRules(ingress.map(({ from, ports }) => [from, ports]))}`]
      : []),
    ...(policyTypes.includes('Egress') ? [`out: ${describeRules(egress.map(({ to, ports }) => [to, ports]))}`] : []),
  ]
  return [...(isAll ? ['all pods'] : []), ...ways].join('  ')
}

type Rule = readonly [peers: readonly PolicyPeer[] | undefined, ports: readonly PolicyPort[] | undefined]

function describeRules(rules: readonly Rule[]): string {
  const words = rules.flatMap(([peers = [], ports = []]) => {
    const numbers = [...new Set(ports.map(({ port }) => port))].join('+')
    if (numbers === '53') return ['DNS']
    const whom = peers.length === 0 ? ['anyone'] : peers.map(describePeer)
    return whom.map(name => (numbers === '' ? name : `${name}:${numbers}`))
  })
  return words.length === 0 ? 'nobody' : words.join(', ')
}

function describePeer({ podSelector = {}, namespaceSelector, ipBlock }: PolicyPeer): string {
  if (ipBlock) return ipBlock.cidr
  const place = namespaceSelector ? ` in ${describeSelector(namespaceSelector) || 'any namespace'}` : ''
  return `${describeSelector(podSelector) || 'any pod'}${place}`
}

/** The values alone: in here they are names. */
function describeSelector({ matchLabels = {} }: LabelSelector): string {
  return Object.values(matchLabels).join('+')
}
