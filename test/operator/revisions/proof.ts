/** Plays edits against a real operator that may die on the way, records every revision, and judges them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../../../src/controlplane/index.ts'
import type { Admin } from './admin.ts'
import type { Burst, Fall, Sequence } from './edits.ts'
import { restored } from './ground.ts'
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

export interface Staff {
  readonly operators: Operators
  readonly admin: Admin
}

export async function prove(
  plane: ControlPlane,
  { operators, admin }: Staff,
  sequence: Sequence,
  run: string,
): Promise<Proof> {
  const spaces = [`${run}-0`, `${run}-1`]
  const users = makeHands(plane)
  const death = plotDeath(operators)
  await restore(makePlayer({ spaces, users, admin, policiesIn: () => [] }), admin)
  const observer = await startObserver(plane.access, {
    namespaces: spaces,
    byHand: users.byHand,
    configurations: admin.said,
    onPolicy: death.countWrite,
    onWait: () => operators.tend(),
  })
  const policiesIn = (space: string) => {
    const keys = [...observer.now().ours.keys()].filter(key => key.startsWith(`${space}/`))
    return keys.map(key => key.slice(space.length + 1))
  }
  const play = makePlayer({ spaces, users, admin, policiesIn })
  const unsettled = await playAll(sequence, play, observer, death)
  const recording = await observer.stop()
  for (const name of spaces) await users.remove({ kind: 'Namespace', name })
  const { byHand } = users
  return { ...judge(readHistory(recording, byHand, admin.said), { lag }), recording, byHand, unsettled }
}

/** A sequence is the same whichever came before. */
async function restore(play: Play, admin: Admin): Promise<void> {
  for (const edit of restored) await play(edit)
  if ((admin.said.at(-1)?.text ?? '{}') !== '{}') await play({ is: 'configure', configuration: {} })
}

interface Death {
  readonly plan: (fall: Fall | undefined) => void
  readonly countWrite: () => void
}

/** After so many writes to policies, whoever wrote them. */
function plotDeath(operators: Operators): Death {
  let how: Fall['how'] = 'dies'
  let left: number | undefined
  const strike = () => {
    if (left === undefined || left > 0) return
    left = undefined
    operators.strike(how)
  }
  return {
    plan: fall => {
      left = fall?.after
      how = fall?.how ?? 'dies'
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
  const begin: Burst = { edits: start.map(edit => ({ edit, pause: 0 })), falls: undefined, settles: true }
  for (const space of [0, 1]) await play({ is: 'label', space, project: undefined })
  for (const [index, { edits, falls, settles }] of [begin, ...bursts].entries()) {
    death.plan(falls)
    for (const { edit, pause } of edits) {
      await play(edit)
      await sleep(pause)
    }
    const mustSettle = settles || index === bursts.length
    if (mustSettle && !(await observer.settles())) unsettled.push({ burst: index, moment: observer.now() })
  }
  return unsettled
}
