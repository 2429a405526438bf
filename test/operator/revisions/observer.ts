/** Follows what happens in some namespaces, and says when all is as it should be. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from '../../../src/controlplane/client.ts'
import type { ByHand } from './authors.ts'
import type { Configured } from './configured.ts'
import { rememberDecisions } from './decided.ts'
import { type Moment, readHistory } from './history.ts'
import { startRecorder } from './recorder.ts'
import type { RecordedEvent, Recording } from './recording.ts'
import { readTimeline } from './timeline.ts'

export interface Observer {
  readonly now: () => Moment
  /** Until everything has stood as it should for longer than Tierwall may be behind; false where that does not come. */
  readonly settles: () => Promise<boolean>
  readonly stop: () => Promise<Recording>
}

export interface Observing {
  readonly namespaces: readonly string[]
  readonly byHand: ByHand
  readonly configurations: readonly Configured[]
  readonly onPolicy: () => void
  /** Looks after what is needed while somebody waits. */
  readonly onWait: () => void
}

export const lag = 1_000
/** Two leaders one after the other may have to wait for a Lease, on a machine that is busy. */
const longestSettling = 45_000

export async function startObserver(access: Access, options: Observing): Promise<Observer> {
  const { namespaces, byHand, configurations, onPolicy, onWait } = options
  const onEvent = ({ object }: RecordedEvent) => {
    if (object.kind === 'NetworkPolicy') onPolicy()
  }
  const recorder = await startRecorder(access, { namespaces, onEvent })
  const decide = rememberDecisions()
  const read = () => readHistory(recorder.peek(), byHand, configurations)
  let seen = 0
  let settledAt: number | undefined
  const isSettled = () => {
    const { events } = recorder.peek()
    // Whoever reads all of it again and again sees events late.
    const all = events.length + configurations.length
    if (all !== seen) settledAt = readTimeline(read(), decide, lag).settledAt
    seen = all
    return settledAt !== undefined && performance.now() - settledAt > lag
  }
  return {
    now: () => {
      const { start, steps } = read()
      return steps.at(-1)?.after ?? start
    },
    settles: async () => {
      const deadline = performance.now() + longestSettling
      while (performance.now() < deadline) {
        onWait()
        if (isSettled()) return true
        await sleep(100)
      }
      return false
    },
    stop: recorder.stop,
  }
}
