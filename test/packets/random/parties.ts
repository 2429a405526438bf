/** The pods of a random application as parties, and the flows that are tried of it. */
import type { Pod, World } from '../../properties/shapes.ts'
import type { Host } from '../fixture/index.ts'
import { everyFlow, type Flow } from '../flows/flow.ts'
import type { Party } from '../flows/party.ts'
import { randomProbes } from './slots.ts'

export function partiesOf({ pods }: World, hostOf: (pod: Pod) => Host): readonly Party[] {
  return pods.map((pod): Party => ({ name: `${pod.namespace}/${pod.name}`, end: pod, host: hostOf(pod) }))
}

/** What those who are always there do among themselves is no application's business. */
export function flowsOf(own: readonly Party[], always: readonly Party[]): readonly Flow[] {
  const isOwn = (party: Party) => own.includes(party)
  return everyFlow([...own, ...always], randomProbes).filter(({ from, to }) => isOwn(from) || isOwn(to))
}
