/** Intent in, graph out: who may reach whom, what is still missing for that, and where DNS is. */
import type { Problem } from '../api/problem.ts'
import type { Intent } from '../intent/index.ts'
import type { Snapshot } from '../intent/snapshot.ts'
import type { Member } from '../intent/tier.ts'
import { type Dns, locateDns } from './dns.ts'
import type { MissingEdge, OpenEdge, TierEdge } from './edge.ts'
import { indexTiers } from './lookup.ts'
import { openTiers } from './open-edges.ts'
import { locatePlaces } from './outside.ts'
import { linkTiers } from './tier-edges.ts'

export interface Graph {
  readonly intent: Intent
  /** Every tier's members, in the order of the tiers. */
  readonly members: readonly Member[]
  readonly tierEdges: readonly TierEdge[]
  readonly openEdges: readonly OpenEdge[]
  readonly missing: readonly MissingEdge[]
  readonly dns: Dns
  readonly problems: readonly Problem[]
}

export function buildGraph(intent: Intent, snapshot: Snapshot): Graph {
  const members = [...intent.tiers.values()].flatMap(tier => tier.members)
  const linked = linkTiers(members, indexTiers(intent, snapshot))
  const places = locatePlaces(snapshot)
  const opened = openTiers(members, places)
  const dns = locateDns(snapshot, places)
  return {
    intent,
    members,
    tierEdges: linked.edges,
    openEdges: opened.edges,
    missing: [...linked.missing, ...opened.missing],
    dns,
    problems: [...linked.problems, ...opened.problems, ...dns.problems],
  }
}
