import { instance } from '@viz-js/viz'
import { describe, expect, test } from 'vitest'
import { asDot } from '../../../src/report/graph/dot.ts'
import { type Drawing, drawGraph } from '../../../src/report/graph/drawing.ts'
import { asHtml } from '../../../src/report/graph/html.ts'
import { asMermaid } from '../../../src/report/graph/mermaid.ts'
import { asSvg } from '../../../src/report/graph/svg.ts'
import { contextOf, threeTiers } from '../shop.ts'

const shop = drawGraph(contextOf(threeTiers).world.decision)
const { quote } = contextOf(threeTiers)

/** Names as no validation would let them through: the formats don't lean on it. */
const hostileNames = [
  'end',
  '"><script>alert(1)</script>',
  'a"] --> b["x',
  '`**b**`',
  '#quot; &lt; %% \\N \\',
  '$& $1',
  'x\n\t}',
]
const hostileNodes = hostileNames.map((name, place) => ({ id: `t${place}`, label: name, detail: name, fullName: name }))
const hostile: Drawing = {
  namespaces: hostileNodes.map(node => ({
    name: node.label,
    isolation: node.label,
    apps: [{ name: node.label, nodes: [node] }],
  })),
  outside: hostileNodes.map(node => ({ ...node, id: `o${node.id}` })),
  lines: hostileNodes.map(node => ({
    from: node,
    to: node,
    ports: node.label,
    missing: node.label,
    because: [{ said: 'configuration', path: [node.label] }],
  })),
}

describe('Mermaid', () => {
  test('has subgraphs, tiers, outside ends and arrows', () => {
    expect(asMermaid(shop)).toBe(`flowchart LR
  subgraph n1["namespace shop"]
    t1["api<br/>5000"]
    t2["db<br/>3306"]
    t3["web<br/>80"]
  end
  o1(["anywhere"])
  o1 -->|"80"| t3
  t1 -->|"3306"| t2
  t3 -->|"5000"| t1
  classDef outside fill:none,stroke-dasharray:3 3
  class o1 outside
`)
  })

  test('quotes hostile names so that no markup is left of them', () => {
    for (const [, label = ''] of asMermaid(hostile).matchAll(/"(.*?)"/g))
      expect(label.replaceAll('<br/>', '')).not.toMatch(/[<>"`&[\]{}|\\$%]/)
    expect(asMermaid(hostile)).not.toMatch(/script>/)
  })
})

describe('DOT', () => {
  test('keeps hostile names as they are, as Graphviz reads it back', async () => {
    const viz = await instance()
    const svg = viz.renderString(asDot(hostile), { format: 'svg' })
    for (const text of ['&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;', '#quot; &amp;lt; %% \\N \\', '$&amp; $1'])
      expect(svg).toContain(`>${text}</text>`)
  })
})

describe('SVG', () => {
  test('is one picture without scripts, links or anything from elsewhere', async () => {
    const svg = await asSvg(hostile)
    expect(svg).not.toMatch(/<script|<a |href=|url\(|@import/)
    expect(svg.match(/<svg/g)).toHaveLength(1)
  })

  test('is the same every time', async () => {
    expect(await asSvg(shop)).toBe(await asSvg(shop))
  })
})

describe('HTML', () => {
  test('of more lines than a picture can hold has the table alone', async () => {
    const [line] = shop.lines
    const html = await asHtml({ ...shop, lines: line ? Array.from({ length: 2001 }, () => line) : [] }, quote)
    expect(html).not.toContain('<svg')
    expect(html.match(/<tr>/g)).toHaveLength(2002)
  })

  test('has the picture and a row for every line with the words that asked for it', async () => {
    const html = await asHtml(shop, quote)
    expect(html).toContain('<td>shop/web</td><td>shop/api</td><td>5000</td>')
    expect(html).toContain('shop.yaml:24:31: web — Deployment shop/api annotation tierwall.dev/allow-from')
    expect(html).toContain('</svg>')
  })

  test('lets nothing in from elsewhere, nor from names', async () => {
    const html = await asHtml(hostile, source => ({ who: JSON.stringify(source) }))
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|src=|onload/)
    expect(html).toMatch(/default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+=*'/)
    expect(html).not.toMatch(/ style="/)
  })
})
