/** One process at a time: three that build the same at once take three times as long. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const longest = 20 * 60_000

/** The file is there while somebody works, and says who. */
export async function takeTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + longest
  while (!(await claim(file))) {
    if (performance.now() > deadline) throw new Error(`${file} is still there: remove it if nobody is at work`)
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function claim(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    // Whoever was killed at work left it behind.
    if (!(await isSomebodyAtWork(file))) await rm(file, { force: true })
    return false
  }
}

/** One that is just being written names nobody yet. */
async function isSomebodyAtWork(file: string): Promise<boolean> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  if (pid === 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
