/** One direction: the client reaches the server, must not under a deny, and must again when that is gone. */
import { listFew } from '../../lint/survey/list-few.ts'
import { pods, resources } from '../../live/resources.ts'
import { lookAt } from '../look.ts'
import { readNames } from '../shapes.ts'
import { exit, tries } from './commands.ts'
import { clientName, makeClient, makeDeny, policyName, type Step } from './objects.ts'
import type { PodState } from './pod-state.ts'
import { type Direction, type Proof, type Unknown, unknown } from './probed.ts'
import { findServerTrouble, type Server } from './server.ts'
import { create, remove, type Site } from './site.ts'
import { waitForPod } from './wait.ts'

export interface Tried {
  readonly proof: Proof
  readonly node?: string | undefined
}

/** The first and the last step matter as much as the deny: where nothing gets through, all looks well protected. */
export async function tryDirection(site: Site, direction: Direction, server: Server): Promise<Tried> {
  const { tell } = site
  const client = makeClient(direction, server.address, site)
  const refused = await create(site, pods, client)
  if (refused) return { proof: refused }

  const before = await waitForStep(site, direction, 'before')
  if (before.is === 'unknown') return { proof: before }
  const { node } = before
  if (before.is === 'missed')
    return { proof: (await findServerTrouble(site)) ?? (await explainUnreached(site, server, before.message)), node }
  tell(`${direction}: the client reaches the server, and ${policyName(direction)} is written`)

  const kept = await create(site, resources.networkPolicies, makeDeny(direction))
  const denied = kept ?? (await waitForStep(site, direction, 'denied'))
  // Also where it did not work: it must not stand in the way of what is tried next.
  const left = await remove(site, resources.networkPolicies, policyName(direction))
  if (denied.is === 'unknown') return { proof: denied, node }
  if (left) return { proof: left, node }
  if (denied.is === 'missed') {
    tell(`${direction}: the client still reaches the server after ${tries} tries`)
    return { proof: { is: 'open' }, node }
  }
  tell(`${direction}: the client is shut out, and the policy is removed`)

  const after = await waitForStep(site, direction, 'after')
  if (after.is === 'unknown') return { proof: after, node }
  if (after.is === 'missed')
    return { proof: (await findServerTrouble(site)) ?? explainStillShut(direction, after.message), node }
  tell(`${direction}: the client reaches the server again`)
  return { proof: { is: 'enforced' }, node }
}

type Stepped =
  | { readonly is: 'held'; readonly node: string | undefined }
  | { readonly is: 'missed'; readonly node: string | undefined; readonly message: string }
  | Unknown

function waitForStep(site: Site, direction: Direction, step: Step): Promise<Stepped> {
  return waitForPod(site, clientName(direction), pod => judgeStep(pod, step))
}

function judgeStep({ name, node, containers }: PodState, step: Step): Stepped | undefined {
  const ended = containers.find(container => container.name === step)?.ended
  if (!ended) return undefined
  const message = lastLine(ended.message)
  if (ended.exitCode === exit.seen) return { is: 'held', node }
  if (ended.exitCode === exit.notSeen) return { is: 'missed', node, message }
  const said = message || ended.reason
  return unknown(
    `container ${step} of pod ${name} ended with exit code ${ended.exitCode}${said === '' ? '' : `: ${said}`}`,
    'with --probe-image, give one that has /bin/sh and agnhost',
  )
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? ''
}

async function explainUnreached(site: Site, { address }: Server, message: string): Promise<Unknown> {
  const said = message === '' ? '' : ` (${message})`
  const because = `without a policy of ours the client does not reach the server at ${address}${said}`
  const look = await lookAt(site.send, resources.networkPolicies, { namespace: site.namespace }, readNames)
  const others = 'seen' in look ? (look.seen ?? []) : []
  if (others.length > 0)
    return unknown(
      `${because}: somebody put ${listFew([...others].sort())} into its namespace`,
      `let namespaces with the label tierwall.dev/probe be without it`,
    )
  return unknown(
    because,
    'look for a policy for all namespaces (cluster-wide ones of the plugin), agents that are down, a firewall between nodes',
  )
}

function explainStillShut(direction: Direction, message: string): Unknown {
  return unknown(
    `${direction} stayed shut after the deny was gone${message === '' ? '' : ` (${message})`}: it may have been something else that shut it`,
    'see that the agents of the network plugin are well, and try again',
  )
}
