/** Replicas of one operator: whichever ends is replaced at once, as Kubernetes would; the leader may die or freeze. */
import { type LogLine, type OperatorProcess, runOperator, shortLease } from '../operator.ts'
import type { Fall } from './edits.ts'

export interface OperatorsOptions {
  readonly flags?: readonly string[]
  readonly replicas?: number
}

const linesOfEach = 15

export class Operators {
  readonly #start: () => OperatorProcess
  #running: readonly OperatorProcess[]
  /** Each past its Lease before it wakes. */
  #frozen: readonly OperatorProcess[] = []

  constructor(kubeconfig: string, { flags = [], replicas = 1 }: OperatorsOptions = {}) {
    this.#start = () => runOperator(kubeconfig, [...shortLease, ...flags])
    this.#running = Array.from({ length: replicas }, this.#start)
  }

  /** As if its machine had lost power, or stood still until somebody else leads. */
  strike(how: Fall['how']): void {
    const leader = this.#running.find(leads) ?? this.#running[0]
    if (leader === undefined) return
    leader.signal(how === 'dies' ? 'SIGKILL' : 'SIGSTOP')
    if (how === 'freezes') this.#frozen = [...this.#frozen, leader]
    this.#running = [...this.#running.filter(one => one !== leader), this.#start()]
  }

  /** On a busy machine any of them may lose the Lease, which ends it. */
  tend(): void {
    this.#running = this.#running.map(one => (one.ended() ? this.#start() : one))
    if (this.#running.some(leads)) for (const one of this.#frozen) one.signal('SIGCONT')
  }

  /** Of those that run, each by itself. */
  get log(): readonly LogLine[] {
    return this.#running.flatMap(({ log }) => log.slice(-linesOfEach))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running, ...this.#frozen].map(one => one.stop()))
  }
}

function leads(operator: OperatorProcess): boolean {
  return !operator.ended() && operator.log.some(({ msg }) => msg === 'the cluster is known')
}
