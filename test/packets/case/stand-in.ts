/** The parties of a case without a cluster: addresses as they might be, and hosts that try nothing. */

import type { Host } from '../fixture/index.ts'
import { nodeAddress } from '../fixture/network.ts'
import type { Party } from '../flows/party.ts'
import { outsideAddresses, partiesAlwaysThere, podParty, strangersIn } from './always.ts'
import { planPods } from './pods.ts'
import type { Case, Step } from './read-case.ts'

export function standInParties(one: Case, step: Step): readonly Party[] {
  const pods = planPods(one, step).map(
    (plan, place): Party => ({ ...podParty(plan, hostAt(`10.244.0.${place + 10}`)), workload: plan.workload }),
  )
  const answers = () => Promise.reject(new Error('nobody is asked'))
  const outside = outsideAddresses.map(address => ({ address, host: hostAt(address) }))
  const always = partiesAlwaysThere({ stranger: hostAt('10.244.0.2'), dns: hostAt('10.244.0.3'), answers, outside })
  const node: Party = { name: nodeAddress, end: { ip: nodeAddress }, host: hostAt(nodeAddress), isNode: true }
  return [...pods, ...strangersIn(one, always), ...(one.options.node ? [node] : [])]
}

export function hostAt(address: string): Host {
  const refuse = () => {
    throw new Error('this host is a stand-in and tries nothing')
  }
  return { name: address, address, attempt: refuse, exec: refuse, stream: refuse }
}
