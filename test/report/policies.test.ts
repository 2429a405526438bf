import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { desiredPolicies } from '../../src/engine.ts'
import { policiesAsJson, policiesAsYaml } from '../../src/report/policies.ts'
import { contextOf, workload } from './shop.ts'

function policiesOf(yaml: string) {
  return desiredPolicies(contextOf(yaml).world.decision).map(({ policy }) => policy)
}

const tricky = policiesOf(
  workload('web', { annotations: { tier: 'web' } }).replaceAll(
    '{role: web}',
    '{role: web, on: "yes", n: "0777", f: "1e3"}',
  ),
)

test('the YAML of policies reads back as the same, also for readers of YAML 1.1 as kubectl is', () => {
  for (const version of ['1.1', '1.2'] as const)
    expect(parseAllDocuments(policiesAsYaml(tricky), { version }).map((document): unknown => document.toJS())).toEqual(
      tricky,
    )
})

test('the YAML of policies has no anchors and folds no long line', () => {
  const yaml = policiesAsYaml(
    policiesOf(
      workload('web', { annotations: { tier: 'web' } }) +
        workload('api', { annotations: { tier: 'api' } }) +
        workload('a-very-long-name-of-a-workload-that-makes-the-line-of-its-reasons-long', {
          annotations: { tier: 'api' },
        }),
    ),
  )
  expect(yaml).not.toMatch(/[&*]a\d/)
  expect(yaml).not.toMatch(/: [>|]/)
  expect(yaml).toMatch(/because: .{100,}/)
})

test('the JSON of policies is one list', () => {
  expect(JSON.parse(policiesAsJson(tricky))).toEqual({ apiVersion: 'v1', kind: 'List', items: tricky })
})
