/** Three annotations, the policies that follow, and what they mean. */
import type { Stage } from '../stage.ts'
import { drawTable } from '../table.ts'
import { shopFile } from './open-shop.ts'
import { expectPromise, threeTiers, unprotected } from './promise.ts'

export async function sayTiers(stage: Stage): Promise<void> {
  const { screen, kubectl, follower } = stage
  screen.title('2. Three annotations')
  screen.say('The same shop, but each workload now says its tier, and policies follow:')
  screen.command(`kubectl apply -f ${shopFile}`)
  follower.restart()
  await kubectl.need(['apply', '-f', shopFile])
  await expectPromise(stage, threeTiers)
  screen.title('3. Who can reach whom now')
  screen.say('By the policies that now stand in the API server. A star is a change.')
  screen.lines('', ...drawTable(threeTiers.reach, unprotected.reach, screen.paint))
}
