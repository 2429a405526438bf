/** Random applications by their seed, and those that once differed → what became of each. */
import fc from '../../seeded.ts'
import type { Lab } from '../case/lab.ts'
import { startOperator } from '../case/operator.ts'
import { makeGround } from './ground.ts'
import { readKept } from './kept.ts'
import { type AppPick, appPick } from './picks.ts'
import { type Played, playApps } from './play.ts'
import { lanes } from './slots.ts'
import { chosen } from './usual.ts'

export interface AppResult extends Played {
  /** `seed 20, run 17`, or the name of a kept one. */
  readonly name: string
  readonly pick: AppPick
}

export interface RandomResult {
  readonly apps: readonly AppResult[]
  /** Of the first that differs, with fewer words and the same kind of difference. */
  readonly smallest: AppResult | undefined
  readonly seconds: number
}

export async function playRandom(lab: Lab): Promise<RandomResult> {
  const start = performance.now()
  const drawn = fc.sample(appPick, { seed: chosen.seed, numRuns: chosen.runs })
  const waiting = [...readKept(), ...drawn.map((pick, run) => ({ name: `seed ${chosen.seed}, run ${run}`, pick }))]
  const ground = await makeGround(lab)
  const operator = await startOperator(lab.cluster.plane.access.kubeconfigFile)
  const apps: AppResult[] = []
  try {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, lanes)
      const played = await playApps(
        lab,
        ground,
        batch.map(({ pick }) => pick),
      )
      for (const [place, one] of batch.entries()) {
        const result = played[place]
        if (result) apps.push({ ...one, ...result })
        if (result && result.differences.length > 0)
          console.log(`${one.name} differs:\n${result.differences.join('\n')}`)
      }
      if (apps.length % 20 < lanes)
        console.log(`${apps.length} random applications, ${Math.round(performance.now() - start)} ms`)
    }
    const first = apps.find(({ differences }) => differences.length > 0)
    const smallest = first && (await shrink(first, pick => playApps(lab, ground, [pick])))
    return { apps, smallest, seconds: (performance.now() - start) / 1000 }
  } finally {
    await operator.stop()
    await ground.clear()
  }
}

const mostMilliseconds = 60_000

/** fast-check walks from the run that differed to smaller ones, on one lane, for a minute at most. */
async function shrink(first: AppResult, play: (pick: AppPick) => Promise<readonly Played[]>): Promise<AppResult> {
  const run = /run (\d+)$/.exec(first.name)?.[1]
  if (run === undefined) return first
  let smallest = first
  const isAlike = fc.asyncProperty(appPick, async pick => {
    const [played] = await play(pick)
    if (!played || played.differences.length === 0) return
    smallest = { ...first, ...played, pick }
    throw new Error('it differs')
  })
  await fc.check(isAlike, { seed: chosen.seed, path: run, numRuns: 1, interruptAfterTimeLimit: mostMilliseconds })
  return smallest
}
