/** The shop as it changes, a line each: what people say about tiers, and the policies that follow. */
import { isDeepStrictEqual } from 'node:util'
import { group, workloadAnnotations } from '../src/api/annotations.ts'
import { type KubernetesObject, type NetworkPolicy, readerOf } from '../src/api/kubernetes.ts'
import {
  type Change,
  connect,
  createLog,
  describeFailure,
  type Project,
  startReflector,
  systemClock,
} from '../src/cluster/index.ts'
import { resources, type Watched } from '../src/live/resources.ts'
import type { Meaning } from '../src/report/paint.ts'
import { describePolicy } from './describe-policy.ts'
import type { Screen } from './screen.ts'

export interface Follower {
  /** The next line is at 0 ms. */
  readonly restart: () => void
  /** Milliseconds since the last line. */
  readonly quietFor: () => number
  /** Whether the lines so far have led to these policies. */
  readonly hasShown: (policies: readonly NetworkPolicy[]) => boolean
  readonly stop: () => Promise<void>
}

/** What comes after so long has another cause than what came before. */
const newStory = 5_000

const given = { clock: systemClock, random: Math.random, log: createLog('silent') }

export async function followShop(kubeconfig: string, screen: Screen): Promise<Follower> {
  const connected = await connect({ ...given, kubeconfig, userAgent: 'tierwall-demo' })
  if (!connected.ok) throw new Error(describeFailure(connected.failure))
  const { connection } = connected
  let began: number | undefined
  let shown = performance.now()
  const show = (line: Line) => {
    const now = performance.now()
    if (began === undefined || now - shown > newStory) began = now
    shown = now
    screen.lines(writeLine(line, now - began, screen))
  }
  const follow = <T>(resource: Watched, keep: (object: KubernetesObject) => T | undefined, write: Write<T>) => {
    const project: Project<T> = json => {
      const read = readerOf(`${resource.group}/${resource.version}`, resource.kind)?.(json)
      return read?.success ? keep(read.data) : undefined
    }
    const reflector = startReflector({ ...given, connection, resource, namespace: 'shop', project })
    reflector.onChange(change => show(write(change)))
    return reflector
  }
  const policies = follow(resources.networkPolicies, keepPolicy, writePolicy)
  const { deployments, statefulSets, appTiers } = resources
  const all = [policies, ...[deployments, statefulSets, appTiers].map(one => follow(one, keepWord, writeWord))]
  await Promise.all(all.map(({ synced }) => synced()))
  return {
    restart: () => {
      began = undefined
    },
    quietFor: () => performance.now() - shown,
    hasShown: live => isDeepStrictEqual(new Set(policies.store.list()), new Set(live.map(cutDown))),
    async stop() {
      await Promise.all(all.map(({ stop }) => stop()))
      await connection.close()
    },
  }
}

interface Line {
  readonly verb: string
  readonly meaning: Meaning
  readonly what: string
  readonly how: string
}

type Write<T> = (change: Change<T>) => Line

function writeLine({ verb, meaning, what, how }: Line, ms: number, { paint }: Screen): string {
  const time = `${Math.round(ms)} ms`.padStart(8)
  return `${paint('faint', time)}  ${paint(meaning, verb)}${' '.repeat(9 - verb.length)}${what.padEnd(24)} ${how}`
}

const lastOf = <T>(change: Change<T>) => (change.type === 'removed' ? change.before : change.after)

/** What it does; who asked for it is not worth a line. */
const cutDown = ({ metadata, spec }: NetworkPolicy) => ({ name: metadata.name, spec })
const keepPolicy = ({ is, object }: KubernetesObject) => (is === 'networkPolicy' ? cutDown(object) : undefined)

const verbs = { added: ['written', 'good'], changed: ['changed', 'doubtful'], removed: ['removed', 'bad'] } as const

function writePolicy(change: Change<ReturnType<typeof cutDown>>): Line {
  const [verb, meaning] = verbs[change.type]
  const { name, spec } = lastOf(change)
  return { verb, meaning, what: name, how: change.type === 'removed' ? '' : describePolicy(spec) }
}

interface Word {
  readonly by: string
  readonly text: string
  /** Of an AppTier: too long for a line, but that it changes is worth one. */
  readonly spec?: unknown
}

function keepWord({ is, object }: KubernetesObject): Word | undefined {
  const { kind, metadata } = object
  const by = `${kind} ${metadata.name}`
  if (is === 'appTier') return { by, text: `tier: ${metadata.name}`, spec: object.spec }
  const own = workloadAnnotations.flatMap(key => {
    const words = metadata.annotations[key]
    return words === undefined ? [] : [`${key.slice(group.length + 1)}: ${words}`]
  })
  const text = own.join(', ')
  return text === '' ? undefined : { by, text }
}

function writeWord(change: Change<Word>): Line {
  const { by, text } = lastOf(change)
  const how = change.type !== 'removed' ? text : change.because === 'passed-over' ? 'no tier any more' : 'deleted'
  return { verb: 'said', meaning: 'strong', what: by, how }
}
