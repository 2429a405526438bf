/** A cluster in, a proof out: whether a deny shuts what was open, tried by pods in a namespace that is gone afterwards. */
import { resources } from '../../live/resources.ts'
import { clear, removeLeftovers } from './clear.ts'
import { nameNamespace } from './leftover.ts'
import { makeNamespace } from './objects.ts'
import type { Probed, Unknown } from './probed.ts'
import { findMissingRights } from './rights.ts'
import { startServer } from './server.ts'
import { create, type ProbeQuestion, type Site } from './site.ts'
import { tryDirection } from './try-direction.ts'

export { usualImage } from './objects.ts'
export type { Probed } from './probed.ts'
export type { ProbeQuestion } from './site.ts'

export async function probe(question: ProbeQuestion): Promise<Probed> {
  const { send, clock, random, seconds, tell } = question
  const namespace = nameNamespace(random)
  const missing = await findMissingRights(send, namespace)
  if (missing) return { ...nothing(missing), lingering: [] }
  const leftovers = await removeLeftovers(question)
  const site: Site = { ...question, namespace, end: clock.monotonic() + seconds * 1_000 }
  let lingering: Probed['lingering'] = []
  const found = await tryAll(site).finally(async () => {
    tell(`removes namespace ${namespace}`)
    lingering = await clear(question, [namespace, ...leftovers])
  })
  return { ...found, lingering }
}

type Found = Omit<Probed, 'lingering'>

const nothing = (because: Unknown): Found => ({ ingress: because, egress: because, nodes: [] })

async function tryAll(site: Site): Promise<Found> {
  const { namespace, seconds, tell } = site
  const refused = await create(site, resources.namespaces, makeNamespace(namespace, seconds))
  if (refused) return nothing(refused)
  tell(`tries policies in namespace ${namespace}, which takes about half a minute`)
  const server = await startServer(site)
  if ('is' in server) return nothing(server)
  const ingress = await tryDirection(site, 'ingress', server)
  const { proof } = ingress
  // What stood in the way there does so here.
  const egress = proof.is === 'unknown' ? { proof } : await tryDirection(site, 'egress', server)
  const nodes = [server.node, ingress.node, egress.node].filter(node => node !== undefined)
  return { ingress: proof, egress: egress.proof, nodes: [...new Set(nodes)].sort() }
}
