/** The demo from its first line to its last: it is over, or the person stops it, or it fails for a reason of one line. */
import { join } from 'node:path'
import { onOneLine } from '../src/report/one-line.ts'
import type { Paint } from '../src/report/paint.ts'
import { scenes } from './scenes/index.ts'
import { createScreen } from './screen.ts'
import { root, setStage } from './stage.ts'

export interface DemoOptions {
  readonly print: (text: string) => void
  readonly paint: Paint
  /** The person has had enough. */
  readonly signal: AbortSignal
  /** Ends by itself. */
  readonly once: boolean
  /** What Node runs as the operator. */
  readonly operator?: readonly string[]
  /** Milliseconds that each promise may take to come true. */
  readonly patience?: number
}

export type Ending =
  | { readonly is: 'over' }
  | { readonly is: 'stopped' }
  | { readonly is: 'failed'; readonly because: string }

const usualOperator = [join(root, 'src/cli/main.ts'), 'run']
const usualPatience = 20_000
const about = `Started for this demo, and gone with it. It has no nodes, so no packet flows: the tables say what its
NetworkPolicies mean to a network that enforces them.`

export async function runDemo(options: DemoOptions): Promise<Ending> {
  const broken = new AbortController()
  const closings: (() => Promise<void>)[] = []
  try {
    await play(options, broken, close => closings.push(close))
    return { is: 'over' }
  } catch (error) {
    // Whatever failed after a part had ended failed because of that.
    if (broken.signal.aborted) return { is: 'failed', because: sayBriefly(broken.signal.reason) }
    return options.signal.aborted ? { is: 'stopped' } : { is: 'failed', because: sayBriefly(error) }
  } finally {
    for (const close of closings.toReversed()) await close().catch(() => undefined)
  }
}

async function play(
  { print, paint, signal, once, operator = usualOperator, patience = usualPatience }: DemoOptions,
  broken: AbortController,
  onEnd: (close: () => Promise<void>) => void,
): Promise<void> {
  const screen = createScreen(print, paint)
  screen.title('Tierwall, on a real Kubernetes API server')
  screen.say(about)
  screen.lines('')
  const stage = await setStage({
    screen,
    operator,
    patience: { ms: patience, signal: AbortSignal.any([signal, broken.signal]) },
    onBroken: because => broken.abort(because),
    onEnd,
  })
  for (const show of scenes) await show(stage)
  if (once) screen.say('DEMO_ONCE=1: it ends here.', 'faint')
  else await untilAborted(stage.patience.signal)
  broken.signal.throwIfAborted()
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** What has ended says why in the last line of its log. */
function sayBriefly(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [first = '', ...more] = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const last = more.at(-1)
  const what = first.replace(/^Error: /, '').replace(/; the ends? of (its log|the logs):$/, '')
  return onOneLine(last === undefined ? what : `${what}: ${last}`)
}
