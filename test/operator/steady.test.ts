import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { writeKubeconfig } from '../../src/controlplane/kubeconfig.ts'
import { startFaultProxy } from '../cluster/fault-proxy.ts'
import { test } from '../controlplane/plane.ts'
import { type Asked, followAudit, isOfLease, isStreamedList, isWatch, isWrite, writeAll } from './audit.ts'
import { connectCluster, eventually } from './cluster.ts'
import { pageFlags } from './config-pages.ts'
import { appTier, namespace, networkPolicy, workload } from './objects.ts'
import { runOperator } from './operator.ts'
import { countEvents, makeThousand, measureStart, mistakes, readVersions, spaces } from './steady-thousand.ts'

/** STEADY_SECONDS=600 for the whole ten minutes; the watches end a dozen times, however long it takes. */
const seconds = Number(process.env.STEADY_SECONDS ?? 60)
const watchSeconds = Math.max(5, Math.round(seconds / 12))

const options = { audit: true, customResources: [makeCustomResourceDefinition()] }

/** Something of everything: tiers that reach over namespaces, mistakes, a conflict, a namespace that is only audited. */
const objects = [
  namespace('shop'),
  workload('shop', 'web', { tier: 'web', 'allow-to': 'kube-apiserver, api.data' }),
  workload('shop', 'worse', { tier: 'worse', ports: '80-79' }),
  namespace('data'),
  workload('data', 'api', { tier: 'api', 'allow-from': 'web.shop' }, { kind: 'StatefulSet' }),
  appTier('data', 'db', { selector: { matchLabels: { app: 'db' } } }),
  appTier('data', 'broken', { selector: { matchLabels: { app: 'broken' } }, from: [{ tier: 'api' }] }),
  networkPolicy('data', 'tierwall-allow-dns', { podSelector: {}, policyTypes: ['Ingress'] }),
  namespace('later', { isolation: 'audit' }),
  workload('later', 'web', { tier: 'web' }),
]

const isLoud = (asked: Asked) => !isOfLease(asked) && (!isWatch(asked) || isStreamedList(asked) || asked.code >= 300)

// Most of this is waiting, so they wait together.
describe.concurrent('where nothing changes, the operator', () => {
  test(
    'asks for nothing but watches and its Lease, however often watches end',
    async ({ startPlane }) => {
      const plane = await startPlane(options)
      const cluster = connectCluster(plane)
      const audit = followAudit(plane)
      await cluster.apply(...objects)
      const proxy = await startFaultProxy(plane.access)
      // The server ends a watch when it was asked to, and when it would by itself does not count then.
      const path = (path: string) => path.replace(/\btimeoutSeconds=\d+/, `timeoutSeconds=${watchSeconds}`)
      proxy.decide = (_, asked) => ({ is: 'pass', path: path(asked) })
      const kubeconfig = join(plane.access.dataDir, 'proxy.kubeconfig')
      await writeFile(kubeconfig, writeKubeconfig({ ...plane.access, url: proxy.url }, { token: plane.access.token }))
      const operator = runOperator(kubeconfig)
      try {
        await operator.ready()
        await cluster.expectSettled('shop', 'later')
        // What is found when there is time is told by then as well.
        await eventually(async () => {
          const mark = await audit.mark()
          await sleep(3_000)
          expect(writeAll((await audit.since(mark)).filter(isLoud))).toEqual([])
        }, 30_000)
        const mark = await audit.mark()
        await sleep(seconds * 1_000)
        const asked = await audit.since(mark)
        expect(writeAll(asked.filter(isLoud))).toEqual([])
        const watches = Map.groupBy(asked.filter(isWatch), one => writeAll([one]).join())
        expect(watches.size).toBe(9)
        const ends = seconds / watchSeconds
        for (const [watch, { length }] of watches)
          expect({ watch, reopened: Math.abs(length - ends) <= 1 + ends / 4 }).toEqual({ watch, reopened: true })
      } finally {
        await operator.stop()
        await proxy.stop()
      }
    },
    (seconds + 90) * 1_000,
  )

  test('started again over a thousand Deployments writes nothing, and tells nothing again', async ({ startPlane }) => {
    const plane = await startPlane(options)
    const cluster = connectCluster(plane)
    const audit = followAudit(plane)
    await makeThousand(cluster)
    const first = runOperator(plane.access.kubeconfigFile, pageFlags)
    try {
      console.info(`1,000 Deployments, all policies to be written: ${await measureStart(first)}`)
      await cluster.expectSettled(...spaces)
      await eventually(async () => expect(await countEvents(cluster)).toBe(mistakes))
    } finally {
      expect(await first.stop()).toBe(0)
    }
    const before = await readVersions(cluster)
    const mark = await audit.mark()
    const second = runOperator(plane.access.kubeconfigFile, pageFlags)
    try {
      console.info(`1,000 Deployments, nothing to be written: ${await measureStart(second)}`)
      // Also what is looked for when there is time: see the survey's longest pause.
      await sleep(11_000)
    } finally {
      expect(await second.stop()).toBe(0)
    }
    const written = (await audit.since(mark)).filter(one => isWrite(one) && !isOfLease(one))
    expect(writeAll(written)).toEqual([])
    expect(await readVersions(cluster)).toEqual(before)
  })
})
