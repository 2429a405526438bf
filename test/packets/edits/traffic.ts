/** Clients that send over every flow as long as a story goes on. */
import { type Flow, type Player, writeFlow } from './flows.ts'
import type { Sample } from './judge.ts'

export interface Traffic {
  /** What each flow's client saw. */
  readonly stop: () => Promise<ReadonlyMap<string, readonly Sample[]>>
}

/** Milliseconds from one request to the next. */
const often = 20
/** Flows that are never open: each try lasts until it is given up. */
const seldom = 60
const patience = 300

export function startTraffic(
  flows: readonly Flow[],
  players: Readonly<Record<string, Player>>,
  isEverOpen: (flow: string) => boolean,
): Traffic {
  const streams = flows.flatMap(flow => {
    const [from, to] = [players[flow.from], players[flow.to]]
    if (!from || !to) throw new Error(`nobody is called ${flow.from} or ${flow.to}`)
    const { address } = to.host
    const attempt = { protocol: 'TCP', address, port: flow.port, timeout: patience } as const
    return [{ flow, stream: from.host.stream(attempt, isEverOpen(writeFlow(flow)) ? often : seldom) }]
  })
  return {
    stop: async () =>
      new Map(
        await Promise.all(
          streams.map(async ({ flow, stream }) => {
            const seen = await stream.stop()
            const samples = seen.map(
              ({ at, took, verdict }): Sample => ({ at, took, answered: verdict === 'answered' }),
            )
            return [writeFlow(flow), samples] as const
          }),
        ),
      ),
  }
}
