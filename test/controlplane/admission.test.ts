import { describe, expect } from 'vitest'
import { annotation } from '../../src/api/annotations.ts'
import { lint, makeDeployment, testUnderAnnotationPolicies, tryDeployment } from './admission-objects.ts'
import { sentenceOf } from './admission-policies.ts'
import { bad, beyondCel, good, otherFix, type Row } from './admission-texts.ts'

const test = testUnderAnnotationPolicies()

/** Beside a tier, where the row is not about the tier itself: alone, the other annotations are not read. */
const deploymentOf = ({ key, text }: Row) => makeDeployment({ [annotation.tier]: 'web', [key]: text })

const shown = (text: string) => (text.length > 70 ? `${text.slice(0, 20)}… of ${text.length}` : JSON.stringify(text))
const titled = (rows: readonly Row[]) => rows.map(row => [row.key, shown(row.text), row] as const)

describe('the API server and lint both', () => {
  test.for(titled(good))('accept %s: %s', async ([, , row], { guarded }) => {
    expect(lint(deploymentOf(row))).toEqual([])
    expect(await tryDeployment(guarded, deploymentOf(row))).toHaveProperty('accepted')
  })

  test.for(titled(bad))('refuse %s: %s', async ([, , row], { guarded }) => {
    const verdict = await tryDeployment(guarded, deploymentOf(row))
    expect(verdict).toMatchObject({ status: 422 })
    const sentence = sentenceOf(verdict) ?? ''
    expect(sentence).toMatch(new RegExp(`^[a-z-]+: ${row.key}: .+; [a-z]+ .+`))
    const found = lint(deploymentOf(row))
    expect(found.map(({ code }) => code)).toContain(sentence.split(':')[0])
    if (!otherFix.includes(row.text)) expect(found.map(({ line }) => line)).toContain(sentence)
  })
})

describe.for(beyondCel)('because $because', ({ rows }) => {
  test.for(titled(rows))('only lint refuses %s: %s', async ([, , row], { guarded }) => {
    expect(lint(deploymentOf(row))).not.toEqual([])
    expect(await tryDeployment(guarded, deploymentOf(row))).toHaveProperty('accepted')
  })
})

test('of several mistakes one is named, as lint names it too', async ({ guarded }) => {
  const deployment = makeDeployment({
    [annotation.tier]: 'web',
    [annotation.ports]: '80, http-, 0',
    [annotation.from]: 'api, Web:0, 10.0.0.1/8',
  })
  const sentence = sentenceOf(await tryDeployment(guarded, deployment))
  expect(sentence).toMatch(/^port-invalid: tierwall\.dev\/ports: 'http-' is neither/)
  expect(lint(deployment).map(({ line }) => line)).toContain(sentence)
})

test('a sentence quotes no more than a line of what it refuses', async ({ guarded }) => {
  const deployment = makeDeployment({ [annotation.tier]: 'web', [annotation.from]: 'W'.repeat(4000) })
  const sentence = sentenceOf(await tryDeployment(guarded, deployment))
  expect(sentence).toContain(`'${'W'.repeat(80)}...' is no peer`)
})
