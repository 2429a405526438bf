/** The cases of test/packets, without packets: that they hold together is known before anything is built. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { namespaceNameLabel } from '../src/api/annotations.ts'
import { defaultConfiguration } from '../src/api/configuration.ts'
import { decide, desiredPolicies } from '../src/engine.ts'
import { readBack } from '../src/report/world/policies.ts'
import { declaredIn } from './packets/case/declared-in.ts'
import { readLines } from './packets/case/lines.ts'
import { portsOfCase } from './packets/case/ports.ts'
import { listCases, readCase, type Step } from './packets/case/read-case.ts'
import { standInParties } from './packets/case/stand-in.ts'
import { worldOf } from './packets/case/world-of.ts'
import { answersFor, compareAnswers } from './packets/flows/compare.ts'
import { everyFlow, type Flow, writeFlow } from './packets/flows/flow.ts'
import { knownDifferences } from './packets/flows/known-differences.ts'
import type { Party } from './packets/flows/party.ts'
import { makeScene } from './packets/flows/scene.ts'
import { usual } from './packets/random/usual.ts'

describe.each(listCases().map(name => [name.replaceAll('-', ' '), name]))('%s', (_, name) => {
  const one = readCase(name)
  const probes = portsOfCase(one)

  it.each(one.steps.map(step => [step.title, step] as const))('%s: lines, oracle and evaluator agree', (_, step) => {
    const parties = standInParties(one, step)
    const flows = everyFlow(parties, probes)
    const answers = answersFor(renderScene(step, parties))
    const reached = new Map(flows.map(flow => [flow, answers.expected(flow)]))
    const { differences } = compareAnswers(flows, reached, answers, declaredIn(step, parties, probes, flows))
    expect(differences).toEqual([])
  })

  it.each(one.steps.map(step => [step.title, step] as const))('%s: every line can be tried', (_, step) => {
    const parties = standInParties(one, step)
    const { untried } = readLines(step.lines, parties, everyFlow(parties, probes))
    expect(untried.filter(({ from, to }) => !elsewhere.test(from) && !elsewhere.test(to))).toEqual([])
  })
})

/** Addresses of the examples that no machine has here; `tierwall verify` holds policies to those lines. */
const elsewhere = /^(192\.168|203\.0\.113\.7$)/

function renderScene({ known }: Step, parties: readonly Party[]) {
  const decision = decide(known, defaultConfiguration)
  expect(decision.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  const ours = desiredPolicies(decision).map(({ policy }) => readBack(policy))
  const labels = new Map(worldOf(known, []).namespaces.map(({ name, labels }) => [name, labels]))
  return makeScene(
    [...ours, ...decision.snapshot.networkPolicies],
    namespace => labels.get(namespace) ?? { [namespaceNameLabel]: namespace },
    parties.flatMap(({ end }) => ('name' in end ? end.ports : [])),
  )
}

it('every known difference of the CNI has its case, and its heading in docs/cni.md', () => {
  const page = readFileSync('docs/cni.md', 'utf8')
  for (const { shownBy, heading } of knownDifferences) {
    expect(listCases()).toContain(shownBy)
    expect(page).toContain(`\n### ${heading}\n`)
    expect(page).toContain(`../test/packets/cases/${shownBy})`)
  }
})

it('docs/proof.md has every step of every case, and the usual random applications', () => {
  const page = readFileSync('docs/proof.md', 'utf8').replaceAll(/ +/g, ' ')
  for (const { name, steps, options } of listCases().map(readCase)) {
    const after = options.uninstall ? ['after uninstall'] : []
    const titles = ['before Tierwall', ...steps.map(({ title }) => title), ...after]
    const [, rows = ''] = page.split(`(../test/packets/cases/${name}) `)
    for (const [place, title] of titles.entries()) expect(rows.split('\n')[place]).toContain(`| ${title} |`)
  }
  expect(page).toContain(`${usual.runs} applications over three namespaces, made from seed ${usual.seed}:`)
})

describe('a comparison', () => {
  const one = readCase('of-a-port-range-cilium-opens-the-first-port')
  const [step] = one.steps
  if (step === undefined) throw new Error('every case has a step')
  const probes = portsOfCase(one)
  const parties = standInParties(one, step)
  const flows = everyFlow(parties, probes)
  const answers = answersFor(renderScene(step, parties))
  const declared = declaredIn(step, parties, probes, flows)
  const compareIf = (passes: (flow: Flow) => boolean) =>
    compareAnswers(flows, new Map(flows.map(flow => [flow, passes(flow)])), answers, declared).differences

  it('says that the CNI no longer differs where packets do what the policy says', () => {
    const differences = compareIf(flow => answers.evaluated(flow).allowed)
    expect(differences.map(text => text.split('\n')[0])).toEqual([
      'shop/client-0 -> shop/ftp-0:8001',
      'shop/client-0 -> shop/ftp-0:8010',
    ])
    for (const text of differences) expect(text).toContain('Cilium no longer differs in this: Of a port range')
  })

  it('names the flow, the three answers and the policies in the way', () => {
    const [difference = ''] = compareIf(
      flow => answers.expected(flow) !== (writeFlow(flow) === 'shop/client-0 -> shop/ftp-0:21'),
    )
    const [flow, said, ...policies] = difference.trim().split('\n')
    expect([flow, said]).toEqual([
      'shop/client-0 -> shop/ftp-0:21',
      '  packets denied, evaluator allowed, declared allowed',
    ])
    expect(policies.map(text => text.trim().split(' ')[0])).toContain('shop/tierwall-default-deny')
  })
})
