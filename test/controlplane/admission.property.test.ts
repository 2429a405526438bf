import { describe, expect } from 'vitest'
import { annotation } from '../../src/api/annotations.ts'
import fc from '../seeded.ts'
import { lint, makeDeployment, testUnderAnnotationPolicies, tryDeployment } from './admission-objects.ts'
import { sentenceOf } from './admission-policies.ts'
import type { Row } from './admission-texts.ts'
import { nearKey, nearRow } from './near-texts.ts'

const test = testUnderAnnotationPolicies()

const deploymentOf = ({ key, text }: Row) => makeDeployment({ [annotation.tier]: 'web', [key]: text })

/** Left to the reader: see `beyondCel`. */
const endsInV4 = /:[0-9a-fx]*(\.[0-9a-fx]+){2,}\//i

describe('on annotations that are nearly right', () => {
  test('the API server accepts what lint accepts, and refuses the others with a code that lint has for them', async ({
    guarded,
  }) => {
    await fc.assert(
      fc.asyncProperty(nearRow, async row => {
        const deployment = deploymentOf(row)
        const codes = lint(deployment).map(({ code }) => code)
        const verdict = await tryDeployment(guarded, deployment)
        if (codes.length === 0) expect(verdict).toHaveProperty('accepted')
        else if (!endsInV4.test(row.text)) expect(codes).toContain(sentenceOf(verdict)?.split(':')[0])
      }),
      { numRuns: 300 },
    )
  })

  test('about half are right, so that the comparison is of both', () => {
    const right = fc.sample(nearRow, { numRuns: 300, seed: 1 }).filter(row => lint(deploymentOf(row)).length === 0)
    expect(right.length).toBeGreaterThan(75)
    expect(right.length).toBeLessThan(225)
  })
})

test('a key is refused only where lint refuses it, and always under tierwall.dev/', async ({ guarded }) => {
  await fc.assert(
    fc.asyncProperty(nearKey, async key => {
      const deployment = makeDeployment({ [annotation.tier]: 'web', [annotation.ports]: '80', [key]: 'web' })
      const verdict = await tryDeployment(guarded, deployment)
      const isUnknown = lint(deployment).some(({ code }) => code === 'annotation-unknown')
      const isRefused = sentenceOf(verdict)?.startsWith('annotation-unknown: ') ?? false
      if (isRefused || key.startsWith('tierwall.dev/')) expect(isRefused).toBe(isUnknown)
    }),
    { numRuns: 100 },
  )
})
