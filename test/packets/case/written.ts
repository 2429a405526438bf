/** Waiting until the operator has written what it is to write, or writes no more. */
import { setTimeout as sleep } from 'node:timers/promises'

const most = 30_000
/** On a machine that is busy with much else, an operator may think for so long. */
const quiet = 5_000
/** So long it must stay as wanted: an operator hears of a change a moment after it was made. */
const calm = 400

/**
 * `look`: the policies as text, wanted and there. One that writes something else than it should ends up quiet, and is judged
 * by what gets through.
 */
export async function untilWritten(
  look: () => Promise<{ readonly wanted: string; readonly there: string }>,
): Promise<void> {
  const start = performance.now()
  let [last, since] = ['', start]
  for (let now = start; now - start < most; now = performance.now()) {
    const { wanted, there } = await look()
    if (there !== last) [last, since] = [there, now]
    if (now - since > (there === wanted ? calm : quiet)) return
    await sleep(50)
  }
}
