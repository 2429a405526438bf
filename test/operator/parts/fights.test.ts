import { expect, test } from 'vitest'
import { createFights } from '../../../src/operator/fights.ts'
import type { Step } from '../../../src/plan/index.ts'
import { TestClock } from '../../cluster/given.ts'

const step = (port: number): Step => ({
  verb: 'replace',
  namespace: 'shop',
  name: 'tierwall-web',
  rank: 1,
  policy: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'tierwall-web', namespace: 'shop', labels: {}, annotations: {} },
    spec: { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port }] }], policyTypes: ['Ingress'] },
  },
})

test('writing something else each time is no fight', () => {
  const fights = createFights(new TestClock())
  for (let port = 1; port < 50; port++) fights.note(step(port))
  expect(fights.leftIn('shop')).toEqual([])
})

test('a policy that has to be repaired again and again is left alone, each time for longer', async () => {
  const clock = new TestClock()
  const fights = createFights(clock)
  const repairs = (count: number) => {
    for (let repair = 0; repair < count; repair++) fights.note(step(80))
  }
  repairs(5)
  expect(fights.leftIn('shop')).toEqual([])
  repairs(1)
  expect(fights.leftIn('shop')).toEqual(['tierwall-web'])
  const first = fights.leftFor('shop', 'tierwall-web') ?? 0
  await clock.advance(first)
  expect(fights.leftIn('shop')).toEqual([])
  repairs(5)
  expect(fights.leftFor('shop', 'tierwall-web')).toBeGreaterThan(first)
})

test('repairs by hand now and then are no fight', async () => {
  const clock = new TestClock()
  const fights = createFights(clock)
  for (let repair = 0; repair < 20; repair++) {
    fights.note(step(80))
    await clock.advance(30_000)
  }
  expect(fights.leftIn('shop')).toEqual([])
})
