/** The server of a probe: started before any client, and looked at again where no client reaches it. */
import { pods } from '../../live/resources.ts'
import { lookAt } from '../look.ts'
import { makeServer, serverName } from './objects.ts'
import { findDeadEnd, type PodState, readPod } from './pod-state.ts'
import { type Unknown, unknown } from './probed.ts'
import { create, type Site } from './site.ts'
import { waitForPod } from './wait.ts'

export interface Server {
  readonly address: string
  readonly node: string | undefined
}

export async function startServer(site: Site): Promise<Server | Unknown> {
  const refused = await create(site, pods, makeServer(site))
  return refused ?? (await waitForPod(site, serverName, pod => findEnd(pod) ?? readServer(pod)))
}

/** A server that is gone is reached by nobody, which says nothing about the network. */
export async function findServerTrouble({ send, namespace }: Site): Promise<Unknown | undefined> {
  const look = await lookAt(send, pods, { namespace, name: serverName }, readPod)
  if ('unseen' in look) return undefined
  if (!look.seen) return unknown(`somebody deleted pod ${serverName} meanwhile`, 'find out who, and try again')
  return findDeadEnd(look.seen) ?? findEnd(look.seen)
}

function readServer({ address, node, containers }: PodState): Server | undefined {
  return address !== undefined && containers.some(({ running }) => running) ? { address, node } : undefined
}

function findEnd({ name, containers }: PodState): Unknown | undefined {
  const ended = containers.find(({ ended }) => ended !== undefined)?.ended
  if (!ended) return undefined
  const said = ended.message.trimEnd() || ended.reason
  return unknown(
    `pod ${name} ended with exit code ${ended.exitCode}${said === '' ? '' : `: ${said}`}`,
    'with --probe-image, give one that has /bin/sh and agnhost',
  )
}
