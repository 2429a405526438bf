/** Flows → which of them got through, on real packets; one that came out otherwise than expected is tried again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Verdict } from '../fixture/index.ts'
import { type Flow, writeFlow } from './flow.ts'
import { addressOf, type Party } from './party.ts'

export interface Tried {
  /** By flow: whether the other end was reached. */
  readonly reached: ReadonlyMap<Flow, boolean>
  /** Each as text, with what came of it at first. */
  readonly triedAgain: readonly string[]
}

/** Milliseconds. A connection on one machine takes a few; what is dropped is waited for in vain. */
const patience = { answer: 2000, silence: 350, again: 3000 }

/** Milliseconds before those that came out otherwise are tried again: what stands is told from what was only late. */
const pauses = [0, 500, 2000]

/** So many at once leave the machine time to answer them. */
const atOnce = { answers: 250, silences: 1500 }

/** What is expected only decides the order and how long is waited: answers come soon, and silence is never over. */
export async function tryFlows(flows: readonly Flow[], isExpected: (flow: Flow) => boolean): Promise<Tried> {
  const [open, closed] = [flows.filter(isExpected), flows.filter(flow => !isExpected(flow))]
  const reached = new Map<Flow, boolean>()
  const record = (tried: ReadonlyMap<Flow, boolean>) => {
    for (const [flow, passed] of tried) reached.set(flow, passed)
  }
  for (const part of partsOf(open, atOnce.answers)) record(await tryAtOnce(part, patience.answer))
  for (const part of partsOf(closed, atOnce.silences)) record(await trySilences(part))
  const findDoubtful = () => flows.filter(flow => reached.get(flow) !== isExpected(flow))
  const triedAgain = findDoubtful().map(flow => `${writeFlow(flow)} ${reached.get(flow) ? 'passed' : 'did not pass'}`)
  for (const pause of pauses) {
    const doubtful = findDoubtful()
    if (doubtful.length === 0) break
    await sleep(pause)
    for (const part of partsOf(doubtful, atOnce.answers)) record(await tryAtOnce(part, patience.again))
  }
  return { reached, triedAgain }
}

function partsOf(flows: readonly Flow[], size: number): readonly (readonly Flow[])[] {
  return Array.from({ length: Math.ceil(flows.length / size) }, (_, part) =>
    flows.slice(part * size, (part + 1) * size),
  )
}

/** On a machine that is busy with something else an answer may come late, and would be taken for silence. */
async function trySilences(flows: readonly Flow[]): Promise<ReadonlyMap<Flow, boolean>> {
  for (let timeout = patience.silence; ; timeout *= 3) {
    const [tried, isAwake] = await Promise.all([tryAtOnce(flows, timeout), isEverybodyAwake(flows, timeout)])
    if (isAwake) return tried
    if (timeout > patience.again) throw new Error(`this machine does not answer itself within ${timeout} ms`)
  }
}

/** Everybody who takes part reaches itself in the same time, which no policy forbids. */
async function isEverybodyAwake(flows: readonly Flow[], timeout: number): Promise<boolean> {
  const parties = new Set(flows.flatMap(({ from, to }) => [from, to]))
  const awake = [...parties].map(async party => {
    const [verdict] =
      (await party.host?.attempt([{ protocol: 'TCP', address: addressOf(party), port: 9999, timeout }])) ?? []
    return verdict !== 'silent'
  })
  return (await Promise.all(awake)).every(Boolean)
}

/** Everybody at once, and each all that it has to try at once. */
async function tryAtOnce(flows: readonly Flow[], timeout: number): Promise<ReadonlyMap<Flow, boolean>> {
  const perParty = [...Map.groupBy(flows, ({ from }) => from)].map(async ([from, own]) => {
    const [questions, others] = [own.filter(isQuestion), own.filter(flow => !isQuestion(flow))]
    const [verdicts, answers] = await Promise.all([attempt(from, others, timeout), ask(from, questions)])
    return [...pair(others, verdicts), ...pair(questions, answers)]
  })
  return new Map((await Promise.all(perParty)).flat())
}

const isQuestion = ({ to, port, protocol }: Flow) => to.answers !== undefined && port === 53 && protocol !== 'SCTP'

async function attempt({ host, name }: Party, flows: readonly Flow[], timeout: number): Promise<readonly Verdict[]> {
  if (host === undefined) throw new Error(`${name} cannot try anything`)
  return host.attempt(flows.map(({ to, port, protocol }) => ({ protocol, address: addressOf(to), port, timeout })))
}

function ask({ host }: Party, flows: readonly Flow[]): Promise<readonly Verdict[]> {
  return Promise.all(
    flows.map(async ({ to, protocol }) =>
      host && to.answers ? to.answers(host, protocol === 'UDP' ? 'UDP' : 'TCP') : 'silent',
    ),
  )
}

function pair(flows: readonly Flow[], verdicts: readonly Verdict[]): readonly (readonly [Flow, boolean])[] {
  return flows.map((flow, place) => [flow, verdicts[place] !== 'silent'])
}
