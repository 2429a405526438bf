import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readFigures, targetLabels } from './figures.ts'
import { readPage, root } from './pages.ts'
import { readQuery } from './promql.ts'

const read = (path: string) => readFileSync(join(root, 'monitoring', path), 'utf8')
const figures = await readFigures()

/** What an expression asks for that the operator does not give. */
function findUnknown(expression: string): readonly string[] {
  const { metrics, groupings } = readQuery(expression)
  const given = metrics.map(({ name }) => figures.get(name))
  const unknown = metrics.flatMap(({ name, labels }, index) => {
    const known = given[index]
    if (known === undefined) return [name]
    return labels.filter(label => ![...known, ...targetLabels].includes(label)).map(label => `${name}{${label}}`)
  })
  const all = [...given.flatMap(labels => labels ?? []), ...targetLabels]
  return [...unknown, ...groupings.filter(label => !all.includes(label)), ...(metrics.length === 0 ? ['nothing'] : [])]
}

const alert = z.strictObject({
  alert: z.string().regex(/^Tierwall[A-Z]\w+$/),
  expr: z.string(),
  for: z.string().regex(/^\d+[smh]$/),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.url() }),
})
const { rules } = z
  .object({ spec: z.object({ groups: z.tuple([z.object({ name: z.string(), rules: z.array(alert) })]) }) })
  .parse(parse(read('prometheus-rules.yaml'))).spec.groups[0]

describe('monitoring/prometheus-rules.yaml', () => {
  test.each(rules)('$alert asks for metrics and labels that there are', ({ expr }) => {
    expect(findUnknown(expr)).toEqual([])
  })

  test.each(rules)('$alert writes only labels that its expression leaves', ({ expr, annotations }) => {
    const used = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
    const { groupings } = readQuery(expr)
    expect(used.filter(label => !groupings.includes(label ?? ''))).toEqual([])
  })

  test.each(rules)('$alert has a section that says what to do', ({ alert, annotations }) => {
    expect(readPage('docs/operations.md').text).toContain(`\n### ${alert}\n`)
    expect(annotations.runbook_url).toMatch(new RegExp(`/docs/operations\\.md#${alert.toLowerCase()}$`))
  })

  test('docs/metrics.md names the alerts, each with its expression', () => {
    const rows = [...readPage('docs/metrics.md').text.matchAll(/^\| `(Tierwall\w+)` +\| `([^`]+)`/gm)]
    expect(rows.map(([, name, expression]) => [name, expression])).toEqual(
      rules.map(({ alert, expr }) => [alert, expr]),
    )
  })
})

const panel = z.object({
  id: z.number(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
})
const { panels } = z.object({ panels: z.array(panel) }).parse(JSON.parse(read('grafana-dashboard.json')))

describe('monitoring/grafana-dashboard.json', () => {
  test.each(panels.filter(({ targets }) => targets.length > 0))('$title asks for what there is', ({ targets }) => {
    for (const { expr, legendFormat } of targets) {
      expect(findUnknown(expr)).toEqual([])
      const used = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
      expect(used.filter(label => !readQuery(expr).groupings.includes(label ?? ''))).toEqual([])
    }
  })

  test('no two panels have one number, and none lies upon another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})

describe('the reader of expressions', () => {
  test.each([
    ['sum(tierwall_absent) > 0', ['tierwall_absent']],
    ['tierwall_queue_depth{stat="failing"} > 0', ['tierwall_queue_depth{stat}']],
    ['sum by (verb, who) (rate(tierwall_writes_total[5m]))', ['who']],
    ['time() > 0', ['nothing']],
  ])('finds what %s asks for in vain', (expression, unknown) => {
    expect(findUnknown(expression)).toEqual(unknown)
  })

  test.each(['sum(tierwall_leader', 'summ(tierwall_leader)', 'tierwall_leader;'])('refuses %s', expression => {
    expect(() => readQuery(expression)).toThrow(expression)
  })
})
