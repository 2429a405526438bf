/** `[NAMESPACE/]tier:[APP/]TIER` → the pods of that tier. */
import { nearest } from '../../api/peers.ts'
import type { Tier } from '../../intent/tier.ts'
import { absent, ambiguous, type Found, found, known, writeTierName } from './found.ts'
import type { World } from './index.ts'
import type { EndName } from './name.ts'
import { endOf } from './subject.ts'

type TierName = Extract<EndName, { is: 'tier' }>

export function findTier(text: string, name: TierName, world: World, namespace: string): Found {
  const tiers = [...world.decision.intent.tiers.values()]
  const candidates = inNamespace(
    tiers.filter(({ key }) => isNamed(key, name)),
    name,
    namespace,
  )
  const unnamed = candidates.filter(({ key }) => key.app === '')
  const chosen = unnamed.length > 0 && name.app === undefined ? unnamed : candidates
  const [tier, ...others] = chosen
  if (!tier) return absent(text, adviseTier(name, tiers))
  if (others.length > 0) return ambiguous(text, chosen.map(writeTierName))
  const inTier = world.pods.filter(({ members }) => members.some(member => tier.members.includes(member)))
  return found({ text, is: 'tier', tier: tier.members, hasSiblings: true }, inTier.map(endOf))
}

function isNamed(key: Tier['key'], { tier, app }: TierName): boolean {
  return key.tier === tier && (app === undefined || key.app === app)
}

/** The current namespace comes first where none is said. */
function inNamespace(tiers: readonly Tier[], name: TierName, current: string): readonly Tier[] {
  const here = tiers.filter(({ key }) => key.namespace === (name.namespace ?? current))
  return here.length === 0 && name.namespace === undefined ? tiers : here
}

function adviseTier({ tier }: TierName, tiers: readonly Tier[]): string {
  const near = tiers.find(({ key }) => key.tier === tier) ?? tiers.find(({ key }) => nearest(tier, [key.tier]))
  return near ? `did you mean ${writeTierName(near)}?` : known('tiers', tiers.map(writeTierName))
}
