import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { listExamples, readExample } from '../../scripts/examples/read.ts'
import { readManifests } from '../../src/manifests/manifests.ts'
import { buildWorld } from '../../src/report/world/index.ts'
import { compareConnections, listConnections, readConnections } from './connectivity.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const corpus = 'test/corpora/apps'

/** What each application's own policies leave; the voting app has none, so its architecture says it. */
const records: Readonly<Record<string, string>> = {
  'online-boutique': `${corpus}/online-boutique/connectivity.computed.txt`,
  'online-boutique-closed': `${corpus}/online-boutique/connectivity.computed.txt`,
  'voting-app': 'test/apps/voting-app.txt',
  wordpress: `${corpus}/wordpress/connectivity.computed.txt`,
}

test('every example of an application that others made has a record of its connections', () => {
  const others = listExamples().filter(name => readExample(name).added !== undefined)
  expect(Object.keys(records).sort()).toEqual(others)
})

describe('the policies for', () => {
  const cases = Object.entries(records).map(([name, record]) => ({ name, record, why: differencesOf(name) }))

  it.each(cases)('$name leave exactly the connections of $record, less what differences.txt says', one => {
    const { pods, policies } = buildWorld(readExample(one.name).decision)
    const left = listConnections(pods, policies)
    expect(compareConnections(readConnections(read(one.record)), left)).toEqual(linesOf(one.why))
  })

  it.each(cases.filter(({ why }) => why !== ''))('$name differ for reasons that stand above the lines', ({ why }) => {
    for (const paragraph of why.trim().split('\n\n')) {
      const [reason = '', ...lines] = paragraph.split('\n')
      expect(reason).toMatch(/^# .*\.$/)
      expect(linesOf(paragraph), reason).toEqual(lines.sort())
    }
  })
})

function differencesOf(example: string): string {
  const path = `examples/${example}/differences.txt`
  return existsSync(join(root, path)) ? read(path) : ''
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => /^[-+] /.test(line))
    .sort()
}

describe('what is recorded', () => {
  it.each([
    ['online-boutique', upstreamPolicies('online-boutique/networkpolicies')],
    ['wordpress', [`${corpus}/wordpress/expected_netpol_output.json`]],
  ])('of %s is what the policies beside it leave', (name, files) => {
    const { manifests, decision } = readExample(name)
    const texts = files.map(file => ({ file, text: read(file) }))
    const policies = readManifests(texts).objects.flatMap(one => (one.is === 'networkPolicy' ? [one.object] : []))
    expect(manifests.problems).toEqual([])
    const left = listConnections(buildWorld(decision).pods, policies)
    expect(left).toEqual(readConnections(read(`${corpus}/${name}/connectivity.computed.txt`)))
  })
})

function upstreamPolicies(folder: string): readonly string[] {
  return readdirSync(join(root, corpus, folder)).map(file => `${corpus}/${folder}/${file}`)
}
