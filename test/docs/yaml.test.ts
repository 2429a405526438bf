import { describe, expect, test } from 'vitest'
import { findBlocks } from './blocks.ts'
import { pages } from './pages.ts'
import { findFaults } from './yaml.ts'

const blocks = pages
  .flatMap(findBlocks)
  .filter(({ language }) => language === 'yaml' || language === 'yml')
  // docs/problems.md shows each mistake before it is mended.
  .filter(({ after }) => after !== 'Instead of')

test.each(blocks)('the YAML at $page:$line can be used as it stands', ({ text }) => {
  expect(findFaults(text)).toEqual([])
})

describe('the reader of YAML', () => {
  test.each([
    ['tierwall.dev/ports: "99999"', 'port-invalid'],
    ['metadata:\n  annotations:\n    tierwall.dev/allow-form: web', 'annotation-unknown'],
    ['from:\n  - {podSelector: {}}', 'selector-empty'],
    ['kind: AppTier\nmetadata: {name: db}\nspec: {form: []}', 'apptier-invalid'],
    ['tierwall.dev/isolation: "on"', 'isolation-invalid'],
    ['isolation: on', 'configuration-invalid'],
    ['a: {b', 'must be sufficiently indented'],
  ])('finds what is wrong with %s', (text, code) => {
    expect(findFaults(text)).toEqual([expect.stringContaining(code)])
  })

  test.each(['a: 1', 'tierwall.dev/tier: web', 'to:\n  - {kubeApiserver: true}', 'clusterRanges: [10.0.0.0/8]'])(
    'has nothing against %s',
    text => {
      expect(findFaults(text)).toEqual([])
    },
  )
})
