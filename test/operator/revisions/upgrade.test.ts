/** An upgrade and a downgrade between versions that give their policies other names, with every revision judged. */
import { describe, expect, onTestFinished } from 'vitest'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import { test } from '../../controlplane/plane.ts'
import { type Cluster, connectCluster, eventually, writePolicy } from '../cluster.ts'
import { appTier, namespace, workload } from '../objects.ts'
import { type OperatorProcess, runOperator, shortLease } from '../operator.ts'
import { readHistory } from './history.ts'
import { judge } from './judge.ts'
import { startRecorder } from './recorder.ts'
import type { RecordedEvent } from './recording.ts'
import { writeViolations } from './report.ts'
import { makeVersion, type Version } from './version.ts'

const spaces = ['shop', 'data', 'watched']
const sound = { tier: 'cache', ports: '6379', 'allow-from': 'api, jobs' }

/** By annotation, by AppTier, across namespaces; pods in two tiers; one namespace that is only watched. */
const world = [
  namespace('shop'),
  namespace('data', { isolation: 'enforce' }),
  namespace('watched', { isolation: 'audit' }),
  workload('shop', 'web', { tier: 'web' }),
  workload('shop', 'api', { tier: 'api', 'allow-to': 'db.data, 203.0.113.0/24:443' }),
  workload('shop', 'cache', sound),
  workload('shop', 'job', {}, { selector: { app: 'job', group: 'jobs' } }),
  appTier('shop', 'jobs', { selector: { matchLabels: { group: 'jobs' } }, to: [{ tier: 'cache' }] }),
  workload('data', 'db', { tier: 'db', 'allow-from': 'api.shop' }, { kind: 'StatefulSet' }),
  workload('watched', 'web', { tier: 'web' }),
]

interface Site {
  readonly cluster: Cluster
  readonly start: (version?: Version) => OperatorProcess
  readonly old: Version
  readonly afterWrites: (count: number, act: () => void) => void
  /** All is as it should be, by the names of the old version or of this one. */
  readonly expectSettled: (names: 'old' | 'new') => Promise<void>
  readonly expectNoViolation: () => Promise<void>
}

describe('policies that have other names in another version', () => {
  test('move without a gap: rolled out, killed on the way, and back', async ({ startPlane }) => {
    const { start, old, expectSettled, expectNoViolation } = await settleOld(startPlane)
    const next = start()
    await next.stop('SIGKILL')
    const rolledOut = start()
    await expectSettled('new')
    const back = start(old)
    await rolledOut.stop('SIGTERM')
    await expectSettled('old')
    const again = start()
    await back.stop('SIGKILL')
    await expectSettled('new')
    await again.stop()
    await expectNoViolation()
  })

  test('move without a gap from any write at which the new version dies', async ({ startPlane }) => {
    const { start, afterWrites, expectSettled, expectNoViolation } = await settleOld(startPlane)
    for (const writes of [1, 2, 3, 4]) {
      const doomed = start()
      afterWrites(writes, () => doomed.signal('SIGKILL'))
      await eventually(() => expect(doomed.ended()).toBe(true), 60_000)
    }
    const last = start()
    await expectSettled('new')
    await last.stop()
    await expectNoViolation()
  })

  test('keep the last good words of what broke before the upgrade', async ({ startPlane }) => {
    const { cluster, start, expectSettled, expectNoViolation } = await settleOld(startPlane)
    const before = await specOf(cluster, /cache/)
    await cluster.apply(workload('shop', 'cache', { ...sound, 'allow-from': 'api, !' }))
    const next = start()
    await eventually(async () => expect(await specOf(cluster, /^tierwall-cache/)).toEqual(before))
    await cluster.apply(workload('shop', 'cache', sound))
    await expectSettled('new')
    await next.stop()
    await expectNoViolation()
  })
})

async function specOf(cluster: Cluster, name: RegExp): Promise<unknown> {
  const found = (await cluster.policies('shop')).filter(({ metadata }) => name.test(metadata.name))
  expect(found).toHaveLength(1)
  return found[0]?.spec
}

type StartPlane = (options: {
  readonly customResources: readonly unknown[]
}) => ReturnType<typeof import('../../../src/controlplane/index.ts').startControlPlane>

/** All is as the old version wants it, which is gone; what comes now is judged. */
async function settleOld(startPlane: StartPlane): Promise<Site> {
  const plane = await startPlane({ customResources: [makeCustomResourceDefinition()] })
  const cluster = connectCluster(plane)
  const running: OperatorProcess[] = []
  const start = (version?: Version) => {
    const one = runOperator(plane.access.kubeconfigFile, shortLease, version?.program)
    running.push(one)
    return one
  }
  const expectSettled = (names: 'old' | 'new') =>
    eventually(async () => {
      const live = (await Promise.all(spaces.map(cluster.policies))).flat().map(writePolicy)
      const prefix = names === 'old' ? 'tierwall-old-' : 'tierwall-'
      const wanted = (await cluster.rendered(...spaces)).map(text =>
        text.replace('"name":"tierwall-', `"name":"${prefix}`),
      )
      expect(live.sort()).toEqual(wanted.sort())
    }, 60_000)
  const old = await makeVersion('old')
  onTestFinished(async () => {
    await Promise.all(running.map(one => one.stop('SIGKILL')))
    await old.remove()
  })
  await cluster.apply(...world)
  const first = start(old)
  await first.ready()
  await expectSettled('old')
  let left = 0
  let onLast = () => {}
  const onEvent = ({ object }: RecordedEvent) => {
    if (object.kind !== 'NetworkPolicy' || left === 0) return
    left -= 1
    if (left === 0) onLast()
  }
  const recorder = await startRecorder(plane.access, { namespaces: spaces, onEvent })
  await first.stop('SIGTERM')
  return {
    cluster,
    start,
    old,
    afterWrites: (count, act) => {
      left = count
      onLast = act
    },
    expectSettled,
    expectNoViolation: async () => {
      const { violations, writes, changes } = judge(readHistory(await recorder.stop()))
      expect(writeViolations(violations)).toBe('')
      expect(writes).toBeGreaterThan(10)
      expect(changes).toBe(0)
    },
  }
}
