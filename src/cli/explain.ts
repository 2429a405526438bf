/** `tierwall explain FROM TO`: may one reach the other, and who says so. */
import { type Command, Option } from 'commander'
import { type Port, readPort } from '../api/ports.ts'
import { upperProtocol } from '../report/expectations.ts'
import { type Answer, answerQuestion, type Judgement } from '../report/explain/index.ts'
import { answerAsJson } from '../report/explain/json.ts'
import { answerAsText } from '../report/explain/text.ts'
import { makeQuoter } from '../report/quote.ts'
import { findSubject } from '../report/world/find.ts'
import { buildWorld, type World } from '../report/world/index.ts'
import type { Trouble } from '../report/world/name.ts'
import { type InputOptions, readInput, withInput } from './input.ts'
import { tellLeftOut } from './left-out.ts'
import { paintFor, print, tellTrouble } from './terminal.ts'

const formats = { text: answerAsText, json: answerAsJson } as const
const exitCodes: Readonly<Record<Judgement, number>> = { allowed: 0, denied: 3, depends: 1 }

interface ExplainOptions extends InputOptions {
  readonly output: keyof typeof formats
  readonly port?: string
}

export function addExplain(program: Command): void {
  withInput(program.command('explain'))
    .description('may FROM reach TO, and who says so')
    .argument('<from>', '[NAMESPACE/][KIND/]NAME, [NAMESPACE/]tier:[APP/]TIER, anywhere, or an address')
    .argument('<to>', 'the same')
    .option('-p, --port <port>', 'PORT[/PROTOCOL], or the name of a container port; else every port that is declared')
    .addOption(new Option('-o, --output <format>', 'how to write it').choices(Object.keys(formats)).default('text'))
    .showHelpAfterError('(-f takes every word behind it: write it last; --help shows an example)')
    .addHelpText(
      'after',
      `
The exit code is 0 for allowed, 3 for denied, and 1 for errors and where it depends on the pod.

Examples:
  $ tierwall explain web api --port 5000 -f k8s/
  $ tierwall explain anywhere shop/tier:db -f k8s/
  $ tierwall explain shop/deploy/web 192.168.5.10 --port 80 -f k8s/`,
    )
    .action(async (from: string, to: string, options: ExplainOptions) => {
      process.exitCode = await explain(from, to, options)
    })
}

async function explain(from: string, to: string, options: ExplainOptions): Promise<number> {
  const port = options.port === undefined ? undefined : readPort(upperProtocol(options.port))
  if (port && 'fault' in port) return tellTrouble(port.fault)
  const read = await readInput(options)
  if ('trouble' in read) return tellTrouble(read.trouble)
  const { decision, locate } = read.input
  const world = buildWorld(decision)
  const asked = ask(from, to, port?.value, world, options.namespace)
  if ('trouble' in asked) {
    tellLeftOut(read.input)
    return tellTrouble(asked.trouble)
  }
  const quote = makeQuoter(decision.snapshot, locate)
  print(formats[options.output](asked.answer, { world, quote, locate, paint: paintFor(process.stdout) }))
  tellLeftOut(read.input)
  return exitCodes[asked.answer.judgement]
}

function ask(
  from: string,
  to: string,
  port: Port | undefined,
  world: World,
  namespace: string,
): { readonly answer: Answer } | { readonly trouble: Trouble } {
  const source = findSubject(from, world, namespace)
  if ('trouble' in source) return source
  const destination = findSubject(to, world, namespace)
  if ('trouble' in destination) return destination
  return answerQuestion({ from: source.subject, to: destination.subject, ...(port ? { port } : {}) }, world)
}
