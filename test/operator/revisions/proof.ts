/** Plays edits against a real operator that may die on the way, records every revision, and judges them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../../../src/controlplane/index.ts'
import type { Burst, Sequence } from './edits.ts'
import { type Hands, makeHands } from './hands.ts'
import { type Moment, readHistory } from './history.ts'
import { type Judgement, judge } from './judge.ts'
import { lag, type Observer, startObserver } from './observer.ts'
import type { Operators } from './operators.ts'
import { makePlayer, type Play } from './player.ts'
import type { Recording } from './recording.ts'

export interface Proof extends Judgement {
  readonly recording: Recording
  readonly byHand: Hands['byHand']
  readonly unsettled: readonly Unsettled[]
}

/** What stood there when the time was up in which a burst of edits must settle. */
export interface Unsettled {
  readonly burst: number
  readonly moment: Moment
}

export async function prove(
  plane: ControlPlane,
  operators: Operators,
  sequence: Sequence,
  run: string,
): Promise<Proof> {
  const spaces = [`${run}-0`, `${run}-1`]
  const users = makeHands(plane)
  const death = plotDeath(operators)
  const observer = await startObserver(plane.access, {
    namespaces: spaces,
    byHand: users.byHand,
    onPolicy: death.countWrite,
    onWait: () => operators.revive(),
  })
  const policiesIn = (space: string) => {
    const keys = [...observer.now().ours.keys()].filter(key => key.startsWith(`${space}/`))
    return keys.map(key => key.slice(space.length + 1))
  }
  const play = makePlayer({ spaces, users, policiesIn })
  const unsettled = await playAll(sequence, play, observer, death)
  const recording = await observer.stop()
  for (const name of spaces) await users.remove({ kind: 'Namespace', name })
  const { byHand } = users
  return { ...judge(readHistory(recording, byHand), { lag }), recording, byHand, unsettled }
}

interface Death {
  readonly plan: (after: number | undefined) => void
  readonly countWrite: () => void
}

/** After so many writes to policies, whoever wrote them. */
function plotDeath(operators: Operators): Death {
  let left: number | undefined
  const strike = () => {
    if (left === undefined || left > 0) return
    left = undefined
    operators.replace()
  }
  return {
    plan: after => {
      left = after
      strike()
    },
    countWrite: () => {
      if (left !== undefined) left -= 1
      strike()
    },
  }
}

async function playAll(
  { start, bursts }: Sequence,
  play: Play,
  observer: Observer,
  death: Death,
): Promise<readonly Unsettled[]> {
  const unsettled: Unsettled[] = []
  const begin: Burst = { edits: start.map(edit => ({ edit, pause: 0 })), diesAfter: undefined, settles: true }
  for (const space of [0, 1]) await play({ is: 'label', space, project: undefined })
  for (const [index, { edits, diesAfter, settles }] of [begin, ...bursts].entries()) {
    death.plan(diesAfter)
    for (const { edit, pause } of edits) {
      await play(edit)
      await sleep(pause)
    }
    const mustSettle = settles || index === bursts.length
    if (mustSettle && !(await observer.settles())) unsettled.push({ burst: index, moment: observer.now() })
  }
  return unsettled
}
