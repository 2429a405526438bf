/** Do policies of ours use what the cluster's network plugin is known to pass over? */
import { type Cidr, containsCidr, readCidr } from '../../api/cidr.ts'
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import { listFew } from '../../lint/survey/list-few.ts'
import type { ReadPolicy } from '../../live/seen-policy.ts'
import type { Facts } from '../facts.ts'
import { type Check, couldNotLook, failure, fine, type Remark } from '../finding.ts'
import { findPlugins, type Plugin } from '../plugins/index.ts'

export const portRanges: Check = {
  name: 'port ranges',
  judge: facts =>
    judge(facts, {
      limits: ({ ignoresPortRanges }) => ignoresPortRanges,
      isUsed: ({ spec }) => portsOf(spec).some(({ endPort }) => endPort !== undefined),
      unused: 'no policy of ours has one',
      what: 'opens the first port of a range alone',
      fix: 'update it, or write the ports one by one',
    }),
}

export const nodeAddresses: Check = {
  name: 'addresses of nodes',
  judge: facts => {
    const nodes = 'seen' in facts.nodes ? facts.nodes.seen.flatMap(({ addresses }) => addresses) : []
    const cidrs = new Set(nodes.map(address => `${address}/${address.includes(':') ? 128 : 32}`))
    return judge(facts, {
      limits: ({ ignoresNodeAddresses }) => ignoresNodeAddresses,
      isUsed: ({ spec }) => blocksOf(spec).some(cidr => cidrs.has(cidr)),
      unused: 'no policy of ours has one',
      what: 'does not take the address of a node for what an ipBlock means (kube-apiserver, DNS on nodes)',
      fix: 'set policyCIDRMatchMode: [nodes] in its Helm values',
    })
  },
}

export const podAddresses: Check = {
  name: 'addresses of pods',
  judge: facts => {
    // The configuration's clusterRanges may hold nodes and the API server as well, which are no pods.
    const ranges =
      'seen' in facts.nodes ? facts.nodes.seen.flatMap(({ podRanges }) => podRanges.flatMap(readRange)) : []
    const isInside = (block: Cidr) => ranges.some(range => containsCidr(range, block))
    return judge(facts, {
      limits: ({ ignoresPodAddresses }) => ignoresPodAddresses,
      isUsed: ({ spec }) => blocksOf(spec).flatMap(readRange).some(isInside),
      unused: 'no policy of ours means pods by one',
      what: 'takes no pod for what an ipBlock means (and lets a node reach its own pods whatever policies say)',
      fix: 'write the tier of those pods, *.NAMESPACE or a selector',
    })
  },
}

function readRange(text: string): Cidr[] {
  const read = readCidr(text)
  return 'value' in read ? [read.value] : []
}

interface Limit {
  readonly limits: (plugin: Plugin) => boolean
  readonly isUsed: (policy: ReadPolicy) => boolean
  readonly unused: string
  readonly what: string
  readonly fix: string
}

/** Where no plugin has the limit there is nothing to say. */
function judge(facts: Facts, { limits, isUsed, unused, what, fix }: Limit): readonly Remark[] {
  const { policies } = facts
  const plugin = findPlugins(facts).find(limits)
  if (!plugin) return []
  if ('unseen' in policies) return [couldNotLook(policies.unseen)]
  const using = policies.seen.filter(policy => policy.ours && isUsed(policy))
  const said = `${plugin.name}${plugin.version === undefined ? '' : ` ${plugin.version}`} ${what}`
  if (using.length === 0) return [{ ...fine(`${said}, but ${unused}`) }]
  const names = listFew(using.map(({ namespace, name }) => `${namespace}/${name}`).sort())
  return [failure(said, `what ${names} should let pass is cut off`, fix)]
}

function portsOf({ ingress = [], egress = [] }: NetworkPolicy['spec']) {
  return [...ingress, ...egress].flatMap(({ ports = [] }) => ports)
}

function blocksOf({ ingress = [], egress = [] }: NetworkPolicy['spec']): string[] {
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)]
  return peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr] : []))
}
