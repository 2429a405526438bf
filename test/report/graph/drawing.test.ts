import { describe, expect, test } from 'vitest'
import { drawGraph } from '../../../src/report/graph/drawing.ts'
import { contextOf, threeTiers, workload } from '../shop.ts'

function linesOf(yaml: string, configuration: unknown = {}): readonly string[] {
  const { lines } = drawGraph(contextOf(yaml, configuration).world.decision)
  return lines.map(({ from, to, ports, missing }) => `${from.fullName} -> ${to.fullName}: ${missing ?? ports}`)
}

describe('the drawing', () => {
  test('has a line for every edge, with its ports', () => {
    expect(linesOf(threeTiers)).toEqual([
      'anywhere -> shop/web: 80',
      'shop/api -> shop/db: 3306',
      'shop/web -> shop/api: 5000',
    ])
  })

  test('has a node for every end outside', () => {
    const annotations = {
      tier: 'x',
      ports: '80',
      'allow-from': '@monitoring, 10.0.0.0/8, namespace, *.other:81',
      'allow-to': 'internet:443, cluster',
    }
    const peers = { monitoring: { podSelector: { matchLabels: { app: 'prometheus' } } } }
    expect(linesOf(workload('x', { annotations }), { peers })).toEqual([
      '10.0.0.0/8 -> shop/x: 80',
      '@monitoring -> shop/x: 80',
      'any pod of other -> shop/x: 81',
      'any pod of shop -> shop/x: 80',
      'shop/x -> any pod of the cluster: all ports',
      'shop/x -> internet: 443',
      'shop/x -> shop/x: 80',
    ])
  })

  test('has a line with the reason for every edge that is missing', () => {
    const yaml =
      workload('web', { namespace: 'front', annotations: { tier: 'web' } }) +
      workload('api', { annotations: { tier: 'api', 'allow-from': 'web.front, nobody' } })
    expect(linesOf(yaml)).toEqual([
      'anywhere -> front/web: 80',
      'front/web -> shop/api: only one of the two sides says so',
      'nobody, which is not there -> shop/api: there is no such tier',
    ])
  })

  test('groups tiers by namespace and app, and marks where nothing is written', () => {
    const audit = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}\n`
    const yaml = threeTiers + workload('cart', { annotations: { tier: 'cart', app: 'basket' } }) + audit
    const [group] = drawGraph(contextOf(yaml).world.decision).namespaces
    expect(group?.isolation).toBe('audit')
    expect(group?.apps.map(({ name, nodes }) => [name, nodes.map(({ label }) => label)])).toEqual([
      ['', ['api', 'db', 'web']],
      ['basket', ['cart']],
    ])
  })

  test('is the same for any order of the input', () => {
    const documents = threeTiers.split('---\n').filter(Boolean)
    const draw = (texts: readonly string[]) => {
      const drawing = drawGraph(contextOf(texts.map(text => `---\n${text}`).join('')).world.decision)
      return JSON.stringify({ ...drawing, lines: drawing.lines.map(({ because: _, ...line }) => line) })
    }
    expect(draw(documents.toReversed())).toBe(draw(documents))
  })
})
