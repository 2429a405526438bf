/** A history → the states of its inputs, the points at which everything was settled, and which states each write must answer to. */
import { type Choice, readChoices, type Settled } from './choices.ts'
import { longestUnnoticed, stillFollowed } from './configured.ts'
import type { Decide } from './decided.ts'
import { type History, type Inputs, type Moment, nameOf, type Policies, type Step } from './history.ts'
import { type Meddling, type Unnoticed, unnoticedOf } from './meddling.ts'
import { samePolicies } from './same.ts'
import { writeStep, writeWords } from './steps.ts'

export interface InputState {
  readonly inputs: Inputs
  /** What stood there when it began. */
  readonly ours: Policies
  readonly revision: number
  /** What made it so. */
  readonly what: string
}

/** From here on, what stood there was what the inputs of then asked for. */
export interface SettledPoint extends Settled {
  readonly at: number
  /** The place of its state among the states. */
  readonly state: number
  /** Not so at the start of a history that begins in the middle of things. */
  readonly isReached: boolean
}

export interface Span {
  readonly last: SettledPoint
  /** What stood and was known at some settled point since, the last one among them. */
  readonly remembered: Settled
  /** The place of the state that is in force. */
  readonly now: number
  readonly robbed: ReadonlySet<string>
  /** What stood, or did not, where users have just written on policies of Tierwall, which may not have noticed yet. */
  readonly unnoticed: Unnoticed
}

export interface Timeline {
  readonly states: readonly InputState[]
  /** Of each of Tierwall's writes. */
  readonly writes: readonly { readonly step: Step; readonly span: Span }[]
  /** Since when what stands there has been what is asked for; nothing where it is not so. */
  readonly settledAt: number | undefined
}

/** Whoever writes looked at the inputs some time before: what was settled for less than this may not have been noticed. */
export function readTimeline({ start, startedAt, steps }: History, decide: Decide, lag: number): Timeline {
  const states: InputState[] = [{ ...start, revision: 0, what: 'the start' }]
  const points: SettledPoint[] = [readStart(start, decide)]
  const writes: Timeline['writes'][number][] = []
  const said = [start.inputs.configured]
  const meddlings: Meddling[] = []
  let settledAt = points[0]?.isReached ? startedAt : undefined
  for (const step of steps) {
    const { before, after, at, by, namespace } = step
    const span = (): Span => {
      const place = points.findLastIndex((point, index) => point.at <= at - lag || index === 0)
      const [last, ...later] = points.slice(place)
      if (last === undefined) throw new Error('there is a start')
      const robbed = meddlings.filter(meddling => meddling.at >= last.at).map(({ namespace }) => namespace)
      return {
        last,
        remembered: merge([last, ...later]),
        now: states.length - 1,
        robbed: new Set(robbed),
        unnoticed: unnoticedOf(meddlings.filter(meddling => meddling.at > at - lag)),
      }
    }
    if (by === 'Tierwall') writes.push({ step, span: span() })
    else if (before.ours !== after.ours)
      meddlings.push({ at, namespace, key: nameOf(step), was: before.ours.get(nameOf(step)) })
    if (before.inputs.configured !== after.inputs.configured) said.push(after.inputs.configured)
    if (before.inputs !== after.inputs) {
      const state = { ...after, revision: step.revision, what: writeStep(step) + writeWords(step) }
      for (const configured of stillFollowed(said, at))
        states.push({
          ...state,
          inputs: { ...after.inputs, configured },
          what: `${state.what}, by a configuration before`,
        })
      states.push(state)
    } else if (before.ours === after.ours) continue
    const choice = settledChoice(after, states, span(), decide)
    const noticed = Math.max(at, after.inputs.configured.at + longestUnnoticed)
    settledAt = choice && noticed
    if (choice)
      points.push({ at: noticed, state: states.length - 1, ...settledBy(choice, after.ours), isReached: true })
  }
  return { states, writes, settledAt }
}

function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new Error('there is a first')
  return one
}

function merge(all: readonly Settled[]): Settled {
  return {
    ours: new Map(all.flatMap(({ ours }) => [...ours])),
    sources: new Map(all.flatMap(({ sources }) => [...sources])),
    known: new Map(all.flatMap(({ known }) => [...known])),
  }
}

const nothing: Settled = { ours: new Map(), sources: new Map(), known: new Map() }

function readStart(start: Moment, decide: Decide): SettledPoint {
  const states = [{ ...start, revision: 0, what: '' }]
  const begin = { ...nothing, at: Number.NEGATIVE_INFINITY, state: 0, isReached: false }
  const span = { last: begin, remembered: nothing, now: 0, robbed: new Set<string>(), unnoticed: new Map() }
  const choice = settledChoice(start, states, span, decide)
  const [likely] = choicesAt(0, states, span, decide)
  const chosen = choice ?? likely
  return { ...begin, ...(chosen && settledBy(chosen, start.ours)), isReached: choice !== undefined }
}

function settledBy({ known, sources }: Choice, ours: Policies): Settled {
  return { ours, known, sources }
}

/** What may rightly stand there for one state of a span. */
export function choicesAt(
  state: number,
  states: readonly InputState[],
  { last, remembered, robbed }: Span,
  decide: Decide,
  more: Inputs['objects'] = new Map(),
): readonly Choice[] {
  const { inputs, ours } = states[state] ?? first(states)
  const since = states.slice(last.isReached ? last.state + 1 : last.state, state + 1).map(({ inputs }) => inputs)
  const held = more.size === 0 ? inputs : { ...inputs, objects: new Map([...more, ...inputs.objects]) }
  return readChoices({ inputs: held, since, last: remembered, standing: ours, robbed }, decide)
}

function settledChoice(
  { ours, inputs }: Moment,
  states: readonly InputState[],
  span: Span,
  decide: Decide,
): Choice | undefined {
  const { isUnclear } = decide.asIs(inputs)
  const isJudged = (namespace: string) =>
    inputs.objects.has(`Namespace /${namespace}`) && !inputs.terminating.has(namespace) && !isUnclear(namespace)
  return choicesAt(states.length - 1, states, span, decide).find(({ desired }) => samePolicies(ours, desired, isJudged))
}
