/** The operator of a story: killed, replaced while it works, and stopped. */
import { type OperatorProcess, runOperator, shortLease } from '../../operator/operator.ts'
import type { Operators } from './story.ts'

export interface StoryOperators extends Operators {
  readonly start: () => Promise<void>
}

export function makeOperators(kubeconfig: string): StoryOperators {
  let running: OperatorProcess | undefined
  const start = async () => {
    running = runOperator(kubeconfig, shortLease)
    await running.ready()
  }
  return {
    start,
    kill: async () => {
      await running?.stop('SIGKILL')
      await start()
    },
    upgrade: async () => {
      const former = running
      const next = runOperator(kubeconfig, shortLease)
      running = next
      await former?.stop()
      await next.ready()
    },
    stop: async () => {
      await running?.stop()
      running = undefined
    },
  }
}
