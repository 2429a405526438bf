/** What the watches tell, and which namespaces it is news for. */
import { beforeEach, expect, test } from 'vitest'
import { defaultConfiguration } from '../../../src/api/configuration.ts'
import { readSeen } from '../../../src/live/seen.ts'
import type { SeenPolicy } from '../../../src/live/seen-policy.ts'
import { World } from '../../../src/operator/world.ts'
import type { WirePolicy } from '../../../src/policy/wire.ts'
import { standing } from '../../live/view.ts'
import { appTier } from '../objects.ts'

let news: string[]
let world: World

beforeEach(() => {
  news = []
  world = new World({
    after: () => () => {},
    removalDelay: 0,
    configuration: () => defaultConfiguration,
    adopt: false,
    onNews: namespace => news.push(namespace),
    onVacated: () => {},
    onAppTierDeleted: () => {},
  })
  const tier = readSeen(appTier('shop', 'web'))
  if (tier) world.takeObject({ type: 'added', key: 'shop/web', after: tier })
  news = []
})

const closed: WirePolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'tierwall-web', namespace: 'shop', labels: {}, annotations: {} },
  spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress', 'Egress'] },
}

const take = (after: SeenPolicy) => world.takePolicy({ type: 'added', key: 'shop/tierwall-web', after })

test('what the watch tells of our own write before its answer comes is no news', () => {
  const answered = world.sent.begin(closed)
  const policy = standing(closed)
  take(policy)
  expect(news).toEqual([])
  expect(world.slots.get('shop')?.policies.get('tierwall-web')).toBe(policy)
  world.takeWritten(policy)
  answered()
  take(policy)
  expect(news).toEqual([])
})

const opened: WirePolicy = { ...closed, spec: { ...closed.spec, egress: [{}] } }

test.each([
  ['another spec', () => standing(opened)],
  ['somebody else’s', () => standing(closed, 'kubectl')],
  ['one that is being deleted', () => ({ ...standing(closed), terminating: true })],
])('%s under the name of what is on its way is news', (_, next) => {
  take(standing(closed))
  news = []
  world.sent.begin(closed)
  take(next())
  expect(news).toEqual(['shop'])
})

test('the same once more, after its answer, is news: somebody changed it meanwhile', () => {
  const answered = world.sent.begin(closed)
  take(standing(closed))
  answered()
  take(standing(opened))
  take(standing(closed))
  expect(news).toEqual(['shop', 'shop'])
})

test('an answer that comes late does not end the sending of what came after it', () => {
  const first = world.sent.begin({ ...closed, spec: { ...closed.spec, policyTypes: ['Ingress'] } })
  world.sent.begin(closed)
  first()
  take(standing(closed))
  expect(news).toEqual([])
})

test('an image or a number of replicas changes nothing of a workload; an AppTier’s generation is in its status', () => {
  const deployment = (generation: number, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'u', generation },
    spec: {
      replicas: generation,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } },
    },
  })
  expect(readSeen(deployment(2, 'example.com/new:2'))).toEqual(readSeen(deployment(1, 'example.com/old:1')))
  const tier = (generation: number) => ({
    apiVersion: 'tierwall.dev/v1alpha1',
    kind: 'AppTier',
    metadata: { name: 'web', namespace: 'shop', uid: 'u', generation },
    spec: {},
  })
  expect(readSeen(tier(2))).not.toEqual(readSeen(tier(1)))
})
