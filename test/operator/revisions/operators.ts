/** One operator after the other: whichever ends is replaced at once, as Kubernetes would. */
import { type LogLine, type OperatorProcess, runOperator, shortLease } from '../operator.ts'

export class Operators {
  readonly #kubeconfig: string
  #running: OperatorProcess
  deaths = 0
  readonly #logs: (readonly LogLine[])[] = []

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig
    this.#running = this.#start()
  }

  /** As if its machine had lost power. */
  replace(): void {
    this.deaths += 1
    this.#running.signal('SIGKILL')
    this.#running = this.#start()
  }

  /** On a busy machine it may lose the Lease, which ends it. */
  revive(): void {
    if (this.#running.ended()) this.#running = this.#start()
  }

  get log(): readonly LogLine[] {
    return this.#logs.flat()
  }

  async stop(): Promise<void> {
    await this.#running.stop()
  }

  #start(): OperatorProcess {
    const operator = runOperator(this.#kubeconfig, shortLease)
    this.#logs.push(operator.log)
    return operator
  }
}
