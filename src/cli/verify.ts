/** `tierwall verify EXPECTATIONS`: does what should be allowed and denied hold. */
import type { Command } from 'commander'
import { stdinName } from '../manifests/files.ts'
import { readExpectations } from '../report/expectations.ts'
import { makeQuoter } from '../report/quote.ts'
import { countAsText, failuresAsText, troublesAsText, verifyExpectations } from '../report/verify.ts'
import { buildWorld } from '../report/world/index.ts'
import { type InputOptions, readInput, withInput } from './input.ts'
import { tellLeftOut } from './left-out.ts'
import { paintFor, print, tell, tellTrouble } from './terminal.ts'
import { readTextFile } from './text-file.ts'

export function addVerify(program: Command): void {
  withInput(program.command('verify'))
    .description('check what should be allowed and denied')
    .argument('<expectations>', 'a file of lines FROM -> TO:PORT[/PROTOCOL] allowed|denied, or - for stdin')
    .showHelpAfterError('(-f takes every word behind it: write it last; --help shows an example)')
    .addHelpText(
      'after',
      `
A file of expectations:
  web -> api:5000            allowed
  anywhere -> tier:db:3306   denied    # nobody but api
  api -> [2001:db8::1]:443   denied
YAML may hold a list of such lines, or of {from, to, port, protocol, expect}.
The exit code is 0 where all hold, else 1.

Example:
  $ tierwall verify expectations.txt -f k8s/`,
    )
    .action(async (file: string, options: InputOptions) => {
      process.exitCode = await verify(file, options)
    })
}

async function verify(file: string, options: InputOptions): Promise<number> {
  if (file === '-' && options.filename?.includes('-'))
    return tellTrouble({
      message: 'stdin cannot hold both expectations and manifests',
      fix: 'put one of them in a file',
    })
  const text = await readTextFile(file)
  if ('fault' in text) return tellTrouble({ ...text.fault, message: `${file}: ${text.fault.message}` })
  const read = await readInput(options)
  if ('trouble' in read) return tellTrouble(read.trouble)
  const { decision, locate } = read.input
  const world = buildWorld(decision)
  const expectations = readExpectations(file === '-' ? stdinName : file, text.text)
  const verification = verifyExpectations(expectations, options.namespace, { world })
  const quote = makeQuoter(decision.snapshot, locate)
  tell(troublesAsText(verification.troubles))
  print(failuresAsText(verification, { world, quote, locate, paint: paintFor(process.stdout) }))
  print(countAsText(verification))
  // What was checked is not what would be written.
  const isIncomplete = tellLeftOut(read.input)
  return isIncomplete || verification.failed.length + verification.troubles.length > 0 ? 1 : 0
}
