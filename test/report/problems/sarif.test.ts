import { describe, expect, test } from 'vitest'
import { problemAt, problemKinds } from '../../../src/api/problem.ts'
import { problemsAsSarif } from '../../../src/report/problems/sarif.ts'
import { locate, problems } from './cases.ts'

const run = (of = problems) => JSON.parse(problemsAsSarif(of, locate, '1.2.3')).runs[0]

describe('SARIF', () => {
  test('names its version, the tool and every rule with its help', () => {
    const { tool, columnKind } = run()
    expect(JSON.parse(problemsAsSarif([], locate, '1.2.3'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [] }],
    })
    expect(columnKind).toBe('utf16CodeUnits')
    expect(tool.driver).toMatchObject({ name: 'Tierwall', semanticVersion: '1.2.3' })
    expect(tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(Object.keys(problemKinds).sort())
    const rule = tool.driver.rules.find((rule: { id: string }) => rule.id === 'tier-overlap')
    expect(rule.defaultConfiguration).toEqual({ level: 'warning' })
    expect(rule.help.text).toContain(problemKinds['tier-overlap'].why)
    expect(rule.help.markdown).toContain(`\`\`\`yaml\n${problemKinds['tier-overlap'].example.good}\n\`\`\``)
  })

  test('has a result for each problem, with the rule at its index', () => {
    const { tool, results } = run()
    expect(results).toHaveLength(problems.length)
    for (const result of results) expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
    expect(results[0]).toMatchObject({
      ruleId: 'port-invalid',
      level: 'error',
      message: { text: "'80-79' runs backwards; write 79-80" },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 7, startColumn: 32 } },
          logicalLocations: [{ fullyQualifiedName: 'Deployment shop/web metadata.annotations[tierwall.dev/ports]' }],
        },
      ],
    })
  })

  test.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ] as const)('turns the severity %s into the level %s', (severity, level) => {
    const source = { said: 'file', file: 'a.yaml', line: 1, column: 1 } as const
    const problem = { code: 'tier-overlap', severity, source, message: 'a', fix: 'b' } as const
    expect(run([problem]).results[0].level).toBe(level)
  })

  test('names what a problem is about where no file holds it', () => {
    expect(run().results[4].locations).toEqual([
      { logicalLocations: [{ fullyQualifiedName: 'configuration peers[0]' }] },
    ])
  })

  test.each([
    ['./apps/web.yaml', 'apps/web.yaml'],
    ['../web.yaml', '../web.yaml'],
    ['my apps/ö#1?.yaml', 'my%20apps/%C3%B6%231%3F.yaml'],
    ['/srv/web.yaml', 'file:///srv/web.yaml'],
    ['<stdin>', '%3Cstdin%3E'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
  ])('writes the file %j as the URI %s', (file, uri) => {
    const problem = problemAt({ said: 'file', file, line: 1, column: 1 }, 'yaml-invalid', 'a', 'b')
    expect(run([problem]).results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri)
  })

  test('is the same bytes, whatever order the problems were found in', () => {
    expect(problemsAsSarif([...problems].reverse(), locate, '1')).toBe(problemsAsSarif(problems, locate, '1'))
  })
})
