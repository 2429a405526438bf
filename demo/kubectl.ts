/** kubectl as the admin of the demo's control plane. */
import { type ProgramOptions, runProgram, type Said } from './program.ts'

export interface Kubectl {
  readonly run: (words: readonly string[], input?: string) => Promise<Said>
  /** What it printed, where nothing but success will do. */
  readonly need: (words: readonly string[], input?: string) => Promise<string>
}

export function createKubectl(file: string, options: ProgramOptions): Kubectl {
  const run: Kubectl['run'] = (words, input = '') => runProgram(file, words, { ...options, input })
  return {
    run,
    async need(words, input) {
      const { code, stdout, stderr } = await run(words, input)
      if (code !== 0) throw new Error(`kubectl ${words.join(' ')}: ${stderr.trim()}`)
      return stdout
    },
  }
}
