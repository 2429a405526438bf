/** What is shown, in this order. */
import type { Stage } from '../stage.ts'
import { inviteAlong } from './invite.ts'
import { makeMistake } from './mistake.ts'
import { openShop } from './open-shop.ts'
import { removeTier } from './remove-tier.ts'
import { restoreTier } from './restore-tier.ts'
import { sayTiers } from './say-tiers.ts'

export const scenes: readonly ((stage: Stage) => Promise<void>)[] = [
  openShop,
  sayTiers,
  removeTier,
  restoreTier,
  makeMistake,
  inviteAlong,
]
