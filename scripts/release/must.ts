/** A command that has to go well: what it printed. */
import { type RunOptions, run } from '../../src/controlplane/run.ts'

export async function must(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(file, args, options)
  if ('stdout' in ran) return ran.stdout
  throw new Error('missing' in ran ? `there is no ${file}` : `${file} ${args[0] ?? ''} failed: ${ran.failed}`)
}
