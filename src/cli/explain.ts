/** `tierwall explain FROM TO`: may one reach the other, and who says so. In files, or in a cluster as it stands. */
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
import { type Input, readInput } from './input.ts'
import { tellLeftOut } from './left-out.ts'
import { type LiveOptions, withLive } from './live/options.ts'
import { lookOrTell } from './look-or-tell.ts'
import { paintFor, print, tell, tellProblems, tellTrouble } from './terminal.ts'

const formats = { text: answerAsText, json: answerAsJson } as const
const exitCodes: Readonly<Record<Judgement, number>> = { allowed: 0, denied: 3, depends: 1 }

interface ExplainOptions extends LiveOptions {
  readonly output: keyof typeof formats
  readonly port?: string
}

export function addExplain(program: Command): void {
  withLive(program.command('explain'), 'manifests to ask about, without a cluster: files, folders, or - for stdin')
    .description('may FROM reach TO, and who says so')
    .argument('<from>', '[NAMESPACE/][KIND/]NAME, [NAMESPACE/]tier:[APP/]TIER, anywhere, or an address')
    .argument('<to>', 'the same')
    .option('-p, --port <port>', 'PORT[/PROTOCOL], or the name of a container port; else every port that is declared')
    .addOption(new Option('-o, --output <format>', 'how to write it').choices(Object.keys(formats)).default('text'))
    .showHelpAfterError('(-f takes every word behind it: write it last; --help shows an example)')
    .addHelpText(
      'after',
      `
With -f, what the policies of these manifests would allow; without, what the policies allow that stand in the cluster now,
whoever wrote them. The exit code is 0 for allowed, 3 for denied, and 1 for errors and where it depends on the pod.

Examples:
  $ tierwall explain web api --port 5000 -n shop
  $ tierwall explain web api --port 5000 -f k8s/
  $ tierwall explain anywhere shop/tier:db -f k8s/
  $ tierwall explain shop/deploy/web 192.168.5.10 --port 80 -f k8s/`,
    )
    .action(async (from: string, to: string, options: ExplainOptions) => {
      process.exitCode = await explain(from, to, options)
    })
}

/** What is asked about, and what there is to say of it besides the answer. */
interface Asked {
  readonly world: World
  readonly locate: Input['locate']
  readonly namespace: string
  readonly tellBeside: (answer: Answer | undefined) => void
}

async function explain(from: string, to: string, options: ExplainOptions): Promise<number> {
  const port = options.port === undefined ? undefined : readPort(upperProtocol(options.port))
  if (port && 'fault' in port) return tellTrouble(port.fault)
  const asked = options.filename ? await askFiles(options) : await askCluster(options)
  if (typeof asked === 'number') return asked
  const { world, locate, namespace, tellBeside } = asked
  const found = ask(from, to, port?.value, world, namespace)
  if ('trouble' in found) {
    tellBeside(undefined)
    return tellTrouble(options.filename ? found.trouble : inCluster(found.trouble))
  }
  const { answer } = found
  const quote = makeQuoter(world.decision.snapshot, locate)
  print(formats[options.output](answer, { world, quote, locate, paint: paintFor(process.stdout) }))
  tellBeside(answer)
  return exitCodes[answer.judgement]
}

async function askFiles({ namespace = 'default', ...options }: ExplainOptions): Promise<Asked | number> {
  const read = await readInput({ ...options, namespace })
  if ('trouble' in read) return tellTrouble(read.trouble)
  const { input } = read
  const tellBeside = () => void tellLeftOut(input)
  return { world: buildWorld(input.decision), locate: input.locate, namespace, tellBeside }
}

async function askCluster(options: ExplainOptions): Promise<Asked | number> {
  // Loaded here alone, as all that knows of clusters.
  const { besideAnswer } = await import('./live/ask.ts')
  const looked = await lookOrTell(options)
  if (typeof looked === 'number') return looked
  const { look, world, locate, notes, namespace = '' } = looked
  const tellBeside = (answer: Answer | undefined) => {
    const { problems, outstanding } = answer ? besideAnswer(answer, look) : { problems: [], outstanding: [] }
    tellProblems(problems, locate)
    for (const note of [...notes, ...outstanding]) tell(`note: ${note}\n`)
  }
  return { world, locate, namespace, tellBeside }
}

/** What is asked about is called the input, wherever it comes from. */
function inCluster({ message, fix }: Trouble): Trouble {
  const rename = (text: string) => text.replaceAll('the input', 'the cluster')
  return { message: rename(message), fix: rename(fix) }
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
