/** A look at the cluster; or what is in the way of one, told, and the exit code. */
import { leaveInTrouble } from './cluster.ts'
import type { LookedAt } from './live/ask.ts'
import { type LiveOptions, orFiles } from './live/options.ts'
import { tellProblems } from './terminal.ts'

export async function lookOrTell(options: LiveOptions): Promise<LookedAt | number> {
  // Loaded here alone, as all that knows of clusters.
  const { readLook } = await import('./live/ask.ts')
  const read = await readLook(options)
  if ('trouble' in read) leaveInTrouble(orFiles(read.trouble))
  if (!('problems' in read)) return read
  tellProblems(read.problems, read.locate)
  return 1
}
