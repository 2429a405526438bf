/** What is kept of a workload, where its spec is as it was: read anew or not, it is the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSeen } from '../../src/live/seen.ts'

const word = fc.constantFrom('web', 'api', '')
const metadata = fc.record(
  {
    labels: fc.option(
      fc.dictionary(fc.constantFrom('app.kubernetes.io/part-of', 'team'), fc.constantFrom('shop', 'blog')),
    ),
    annotations: fc.option(
      fc.dictionary(
        fc.constantFrom(
          'tierwall.dev/tier',
          'tierwall.dev/ports',
          'tirewall.dev/tier',
          'deployment.kubernetes.io/revision',
        ),
        word,
      ),
    ),
    ownerReferences: fc.constantFrom(null, [], [{ kind: 'Rollout', name: 'web' }]),
    deletionTimestamp: fc.constant('2026-01-01T00:00:00Z'),
  },
  { requiredKeys: [] },
)

const deployment = (said: object, status: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u', generation: 1, ...said },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
  status,
})

test('what is kept of a workload does not depend on what was kept of it before', () => {
  fc.assert(
    fc.property(metadata, metadata, (before, now) => {
      const next = deployment(now, { replicas: 1 })
      expect(readSeen(next, readSeen(deployment(before)))).toEqual(readSeen(next))
    }),
    { numRuns: 2_000 },
  )
})

test('a workload whose status is all that changed stays the object that it was', () => {
  const said = { annotations: { 'tierwall.dev/tier': 'web' }, labels: { 'app.kubernetes.io/part-of': 'shop' } }
  const before = readSeen(deployment(said))
  const annotations = { ...said.annotations, 'deployment.kubernetes.io/revision': '1' }
  expect(readSeen(deployment({ ...said, annotations }, { replicas: 1 }), before)).toBe(before)
})
