import { describe, expect, test } from 'vitest'
import { writeAge } from '../../../src/doctor/age.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import { flagOf } from '../../../src/doctor/plugins/words.ts'
import { isBefore, readVersion, tagOf } from '../../../src/doctor/version.ts'
import { diagnosisAsJson, diagnosisAsText } from '../../../src/doctor/write.ts'
import { plain } from '../../../src/report/paint.ts'

const findings: readonly Finding[] = [
  { check: 'API server', verdict: 'ok', what: 'v1.36.0' },
  { check: 'DNS', verdict: 'warn', what: 'slow', why: 'names take long', fix: 'look at it' },
  { check: 'network plugin', verdict: 'fail', what: 'none\u001b[31m\n', why: 'no effect' },
]
const diagnosis = { server: 'https://10.0.0.1:6443/', findings }

describe('the diagnosis', () => {
  test('is a line for each finding, and nothing in it moves the cursor', () => {
    expect(diagnosisAsText(diagnosis, plain)).toBe(`https://10.0.0.1:6443/
ok    API server: v1.36.0
warn  DNS: slow — names take long; look at it
fail  network plugin: none\\u001b[31m\\u000a — no effect
`)
  })

  test('is JSON for scripts, with what was said and how often', () => {
    expect(JSON.parse(diagnosisAsJson(diagnosis, plain))).toEqual({
      server: 'https://10.0.0.1:6443/',
      findings,
      count: { ok: 1, warn: 1, fail: 1 },
    })
  })
})

describe('what doctor reads', () => {
  test.each([
    ['quay.io/cilium/cilium:v1.16.1@sha256:abc', 'v1.16.1'],
    ['registry:5000/cilium/cilium', undefined],
    ['gke.gcr.io/cilium/cilium@sha256:abc', undefined],
    ['antrea:latest', 'latest'],
  ])('is the tag of %s', (image, tag) => {
    expect(tagOf(image)).toBe(tag)
  })

  test.each([
    ['v1.31.2+k3s1', [1, 31, 2]],
    ['2.8', [2, 8, 0]],
    ['v20240813-c6f155d6', undefined],
    ['latest', undefined],
  ])('is the version %s', (text, version) => {
    expect(readVersion(text)).toEqual(version)
  })

  test('are versions in their order', () => {
    const sorted = ['1.9.0', '1.15.19', '1.16.0', '1.16.1', '2.0.0'].flatMap(text => {
      const version = readVersion(text)
      return version ? [version] : []
    })
    expect(sorted).toHaveLength(5)
    for (const [index, version] of sorted.entries())
      for (const [other, against] of sorted.entries()) expect(isBefore(version, against)).toBe(index < other)
  })

  test.each([
    [['--a=1', '--b'], 'a', '1'],
    [['--b', '--a'], 'b', 'true'],
    [['-a', '1'], 'a', '1'],
    [['--a=1', '--a=2'], 'a', '2'],
    [['a', '--ab=1'], 'a', undefined],
  ])('is in %j the flag %s', (words, name, value) => {
    expect(flagOf(words, name)).toBe(value)
  })

  test.each([
    [0, '0 s'],
    [-5_000, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 days'],
  ])('is an age of %d ms', (ms, text) => {
    expect(writeAge(ms)).toBe(text)
  })
})
