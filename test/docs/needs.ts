/** A command → what it takes to run it here. */

/** `nothing` but the command line and files; a `cluster`, or kubectl to speak of one; or something `else`. */
export type Needs = 'nothing' | 'cluster' | 'else'

const readers = ['cat', 'diff', 'grep', 'head']
const offline = ['render', 'lint', 'verify', 'fn', '--help', '--version']
const eitherWay = ['explain', 'graph']

export function findNeeds(command: string): Needs {
  const all = programsOf(command).map(needsOfProgram)
  return all.find(needs => needs === 'else') ?? all.find(needs => needs === 'cluster') ?? 'nothing'
}

/** Each with its words; what is quoted is one of them, whatever is in it. */
export function programsOf(command: string): readonly (readonly string[])[] {
  return command
    .replaceAll(/'[^']*'|"[^"]*"/g, "''")
    .split(/\|\|?|&&|;/)
    .map(part => part.trim().split(/\s+/))
    .map(words => (words[0] === 'npx' && words[1] === 'tierwall' ? words.slice(1) : words))
}

function needsOfProgram([program = '', subcommand = '', ...words]: readonly string[]): Needs {
  if (readers.includes(program)) return 'nothing'
  if (program === 'kubectl') return 'cluster'
  if (program !== 'tierwall') return 'else'
  const hasFiles = words.includes('-f')
  return offline.includes(subcommand) || words.includes('--against') || (eitherWay.includes(subcommand) && hasFiles)
    ? 'nothing'
    : 'cluster'
}
