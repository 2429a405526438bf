/** What the tests give in place of time, chance and the log. */
import type { Clock, Given, Log } from '../../src/cluster/given.ts'
import { systemClock } from '../../src/cluster/given.ts'

export class TestClock implements Clock {
  #now = 1_700_000_000_000
  #monotonic = 0
  #timers: { readonly due: number; readonly run: () => void }[] = []

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#monotonic + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }

  get timers(): number {
    return this.#timers.length
  }

  /** Runs what is due in its order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    await settle()
    for (;;) {
      const [first] = this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
      if (first === undefined) break
      this.#timers = this.#timers.filter(other => other !== first)
      this.#move(Math.max(first.due, this.#monotonic))
      first.run()
      await settle()
    }
    this.#move(Math.max(end, this.#monotonic))
    await settle()
  }

  /** Time passes, but nothing of ours runs: a process that was stopped. */
  freeze(ms: number): void {
    this.#move(this.#monotonic + ms)
  }

  /** The machine sleeps: only the wall clock goes on. */
  suspend(ms: number): void {
    this.#now += ms
  }

  #move(to: number): void {
    this.#now += to - this.#monotonic
    this.#monotonic = to
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

export interface LogLine {
  readonly level: string
  readonly fields: object
  readonly message: string
}

export class TestLog implements Log {
  readonly lines: LogLine[] = []
  readonly #at = (level: string) => (fields: object, message: string) => {
    this.lines.push({ level, fields, message })
  }
  readonly debug = this.#at('debug')
  readonly info = this.#at('info')
  readonly warn = this.#at('warn')
  readonly error = this.#at('error')

  get text(): string {
    return JSON.stringify(this.lines)
  }
}

export function given(): Given & { readonly log: TestLog } {
  return { clock: systemClock, random: Math.random, log: new TestLog() }
}

export async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come true within ${ms} ms: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
