/** A tier goes, and with it what was written for it. */
import { annotation } from '../../src/api/annotations.ts'
import type { Stage } from '../stage.ts'
import { drawTable } from '../table.ts'
import { expectPromise, threeTiers, withoutApi } from './promise.ts'

const words = ['annotate', 'deployment', 'api', '-n', 'shop', `${annotation.tier}-`]

export async function removeTier(stage: Stage): Promise<void> {
  const { screen, kubectl, follower } = stage
  screen.title('4. A tier is taken away')
  screen.say('api is no tier any more. Its pods stay, and the doors to and from them shut.')
  screen.command(`kubectl ${words.join(' ')}`)
  follower.restart()
  await kubectl.need(words)
  await expectPromise(stage, withoutApi)
  screen.lines('', ...drawTable(withoutApi.reach, threeTiers.reach, screen.paint))
}
