/**
 * One process at a time: three that build the same at once take three times as long. It is a courtesy and no lock: whoever
 * waited too long goes ahead, so that what they do must bear to be done twice.
 */
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Tell, tellIfSlow } from './progress.ts'

export interface Turn {
  /** It is there while somebody works, and says who; its folder must exist. */
  readonly file: string
  /** What a person reads who waits. */
  readonly line: string
  readonly tell: Tell
  readonly timing?: TurnTiming
}

export interface TurnTiming {
  /** How long one waits for others, at most. */
  readonly patience: number
  /** How often whoever works says so. */
  readonly beat: number
  /** After how long without that it is over. */
  readonly silence: number
}

/** A cold build takes minutes. A machine that is busy with it may be late with a beat, but not with six. */
const usual: TurnTiming = { patience: 20 * 60_000, beat: 10_000, silence: 60_000 }

export async function takeTurn<T>({ file, line, tell, timing = usual }: Turn, work: () => Promise<T>): Promise<T> {
  const isOurs = await tellIfSlow(line, () => waitFor(file, timing), tell)
  if (!isOurs) return work()
  // Whoever took us for dead has removed it.
  const beat = () => utimes(file, new Date(), new Date()).catch(() => undefined)
  const heart = setInterval(beat, timing.beat)
  try {
    return await work()
  } finally {
    clearInterval(heart)
    await rm(file, { force: true })
  }
}

async function waitFor(file: string, { patience, silence }: TurnTiming): Promise<boolean> {
  const deadline = performance.now() + patience
  while (!(await claim(file, silence))) {
    if (performance.now() > deadline) return false
    await sleep(200)
  }
  return true
}

async function claim(file: string, silence: number): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    // Whoever was killed at work left it behind.
    if (!(await isSomebodyAtWork(file, silence))) await rm(file, { force: true })
    return false
  }
}

/** The number alone would not do: after a restart of the machine another process may have it. */
async function isSomebodyAtWork(file: string, silence: number): Promise<boolean> {
  const said = await stat(file).catch(() => undefined)
  if (said === undefined || Date.now() - said.mtimeMs > silence) return false
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  // One that is just being written names nobody yet.
  return pid === 0 || isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
