import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findSection } from '../../scripts/release/changelog.ts'
import { findComplaints } from '../../scripts/release/check.ts'
import { type Facts, readFacts } from '../../scripts/release/facts.ts'

const changelog = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-03-04

### Added

- a thing

## [1.1.0] - not out yet

[1.2.0]: https://example.com/v1.2.0
`
const ready: Facts = {
  versions: { 'package.json': '1.2.0', 'chart/Chart.yaml (version)': '1.2.0' },
  image: 'example.com/tierwall:1.2.0',
  changelog,
  uncommitted: [],
  epoch: 0,
  tag: 'v1.2.0',
}
const complaintsOf = (more: Partial<Facts>) => findComplaints({ ...ready, ...more }).map(({ text }) => text)
const versions = (version: string) => ({ 'package.json': version })

describe('a release', () => {
  test('is built where all fits together', () => {
    expect(findComplaints(ready)).toEqual([])
  })

  test('has one version, wherever that is said', () => {
    expect(complaintsOf({ versions: { 'package.json': '1.2.0', 'chart/Chart.yaml (version)': '1.1.9' } })).toEqual([
      'chart/Chart.yaml (version) says 1.1.9, and package.json 1.2.0: make them one',
    ])
    expect(complaintsOf({ tag: 'v1.2.1' })).toEqual(['the tag is v1.2.1, and package.json says 1.2.0: tag v1.2.0'])
    expect(complaintsOf({ versions: versions('1.2'), tag: undefined })[0]).toContain('1.2 is no version')
  })

  test.each([
    ['9.9.9', 'CHANGELOG.md has nothing on 9.9.9'],
    ['1.1.0', 'CHANGELOG.md has no date for 1.1.0'],
  ])('%s is in the changelog with its date', (version, complaint) => {
    expect(complaintsOf({ versions: versions(version), tag: undefined })[0]).toContain(complaint)
  })

  test('is of a commit', () => {
    const uncommitted = ['M a', 'M b', '?? c', '?? d']
    expect(complaintsOf({ uncommitted })).toEqual(['there is what no commit has: M a, M b, ?? c and 1 more'])
  })

  test('may be drafted without commit and date, and never with two versions', () => {
    const all = findComplaints({ ...ready, uncommitted: ['M a'], tag: 'v2.0.0', versions: versions('1.1.0') })
    expect(all.map(({ isForDrafts }) => isForDrafts)).toEqual([true, false, false])
  })

  test('has the text of its section alone for notes', () => {
    expect(findSection(changelog, '1.2.0')).toEqual({ date: '2026-03-04', text: '### Added\n\n- a thing' })
  })
})

test('every place of this repository says the same version, and the changelog knows it', async () => {
  const facts = await readFacts(join(import.meta.dirname, '../..'), {})
  expect(findComplaints(facts).filter(({ isForDrafts }) => isForDrafts)).toEqual([])
  expect(findSection(facts.changelog, facts.versions['package.json'] ?? '')?.text).toMatch(/\S/)
})
