/** Manifests over a cluster: what they name is replaced, all else stays. */
import { describe, expect, test } from 'vitest'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import { type Pod, readerOf } from '../../src/api/kubernetes.ts'
import { lookAtReading } from '../../src/cli/live/look.ts'
import { layOver } from '../../src/cli/live/overlay.ts'
import { outstanding } from '../../src/cli/live/planned.ts'
import type { Reading } from '../../src/cli/live/read.ts'
import { readManifestText } from '../../src/manifests/manifests.ts'
import { planAsText } from '../../src/report/plan/text.ts'
import { appTier, namespace, networkPolicy, workload } from '../operator/objects.ts'
import { desiredFor, plan, reading, written } from './plan-reading.ts'

const now = '2026-01-02T03:04:05Z'

function manifests(...objects: readonly object[]) {
  return readManifestText('k8s.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })).objects
}

function pod(name: string, labels: Readonly<Record<string, string>>): Pod {
  const read = readerOf('v1', 'Pod')?.({ kind: 'Pod', metadata: { name, namespace: 'shop', labels }, spec: {} })
  if (!read?.success || read.data.is !== 'pod') throw new Error('the pod of the test cannot be read')
  return read.data.object
}

/** As `tierwall plan -f` tells it. */
function planWith(live: Reading, ...files: readonly object[]): string {
  return planAsText(plan(live, layOver(live, manifests(...files), now).reading))
}

const names = (live: Reading) => outstanding(lookAtReading(live, defaultConfiguration)).changes.map(({ name }) => name)

const shop = namespace('shop')
const web = workload('shop', 'web', { tier: 'web' })
const api = workload('shop', 'api', { tier: 'api' })

describe('manifests over a cluster', () => {
  test('replace the object of their kind, namespace and name', () => {
    const live = reading([shop, web, api])
    const { objects } = layOver(live, manifests(workload('shop', 'api', { tier: 'backend' })), now).reading
    const tiers = objects.map(({ ref, object }) => [ref.name, object?.object.metadata.annotations['tierwall.dev/tier']])
    expect(tiers).toEqual([
      ['shop', undefined],
      ['web', 'web'],
      ['api', 'backend'],
    ])
  })

  test('leave everything else, also what they say no more', () => {
    expect(planWith(reading([shop, web, api]), web)).toContain('+ create tierwall-api\n')
  })

  test('come with namespaces that are not there yet', () => {
    const { reading: laid, missing } = layOver(reading([]), manifests(web), now)
    expect(missing).toEqual(['shop'])
    expect(names(laid)).toEqual(['tierwall-web', 'tierwall-allow-dns', 'tierwall-default-deny'])
    expect(layOver(reading([]), manifests(web, shop), now).missing).toEqual([])
  })

  test('turn a namespace over to audit', () => {
    const audit = namespace('shop', { isolation: 'audit' })
    expect(planWith(reading([shop, web]), audit)).toMatch(
      /^namespace shop\n {2}! the namespace is in audit, .*\n\nno changes/,
    )
  })

  test('add AppTiers that are younger than those that are there', () => {
    const selector = { matchLabels: { role: 'db' } }
    const old = appTier('shop', 'db', { selector })
    const dated = { ...old, metadata: { ...old.metadata, creationTimestamp: '2020-01-01T00:00:00Z' } }
    const live = reading([shop, dated])
    const { objects } = layOver(live, manifests(appTier('shop', 'a-db', { tier: 'db', selector })), now).reading
    const { decision } = lookAtReading({ ...live, objects }, defaultConfiguration)
    expect(decision.intent.appTiers.values().toArray()).toMatchObject([{ ref: { name: 'db' } }])
  })

  test('keep the age of an AppTier that is there', () => {
    const dated = {
      ...appTier('shop', 'db'),
      metadata: { name: 'db', namespace: 'shop', creationTimestamp: '2020-01-01T00:00:00Z' },
    }
    const { objects } = layOver(reading([dated]), manifests(appTier('shop', 'db', { ports: [] })), now).reading
    expect(objects[0]?.object?.object.metadata.creationTimestamp).toBe('2020-01-01T00:00:00Z')
  })

  test('hold up a policy of ours by one of the same name', () => {
    const text = planWith(reading([shop, web]), networkPolicy('shop', 'tierwall-web', { podSelector: {} }))
    expect(text).toContain("! tierwall-web is somebody else's policy under a name that Tierwall needs")
  })

  test('leave a policy of ours ours, whoever writes over it', () => {
    const [live] = desiredFor(shop, web).map(policy => written(policy, 'tierwall'))
    const other = networkPolicy('shop', 'tierwall-web', { podSelector: { matchLabels: { app: 'other' } } })
    const text = planWith(reading([shop, web], { policies: live ? [live] : [] }), other)
    expect(text).toContain('~ change tierwall-web\n')
    expect(text).toContain('-     app: other\n')
  })

  test('make a workload’s new pods stand for the old ones where they are made otherwise', () => {
    const pods = [pod('api-1', { app: 'api' })]
    const made = (color: string) => ({
      ...api,
      spec: {
        selector: { matchLabels: { app: 'api' } },
        template: { metadata: { labels: { app: 'api', color } }, spec: {} },
      },
    })
    const live = reading([shop, made('green')], { pods })
    expect(layOver(live, manifests(made('green')), now).reading.pods).toHaveLength(1)
    expect(layOver(live, manifests(made('blue')), now).reading.pods).toEqual([])
  })

  test('leave pods unknown where they may not be seen', () => {
    expect(layOver(reading([shop], { pods: undefined }), manifests(web), now).reading.pods).toBeUndefined()
  })

  test('change DNS where it is looked for, and no other Service', () => {
    const service = (space: string, port: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: space },
      spec: {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: port }],
      },
    })
    const live = reading([shop, web])
    expect(planWith(live, service('kube-system', 5353))).toContain('port: 5353')
    expect(planWith(live, service('shop', 5353))).not.toContain('port: 5353')
  })
})
