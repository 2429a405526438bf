/** Whether a process still does anything. One that is dead and waits for its parent to notice does not. */
import { readFile } from 'node:fs/promises'

export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !status.includes(') Z ')
}
