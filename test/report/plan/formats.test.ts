import { describe, expect, test } from 'vitest'
import type { Problem } from '../../../src/api/problem.ts'
import { planAsJson } from '../../../src/report/plan/json.ts'
import { planAsMarkdown } from '../../../src/report/plan/markdown.ts'
import { threeTiers, workload } from '../shop.ts'
import { reportOn } from './reports.ts'

const nowhere = () => undefined
const [api, apiMoved] = ['5000', '5001'].map(ports => workload('api', { annotations: { tier: 'api', ports } }))
const web = workload('web', { annotations: { tier: 'web' } })
const moved = reportOn(web + api, web + apiMoved)

const problem: Problem = {
  code: 'port-invalid',
  severity: 'error',
  source: { said: 'object', object: { kind: 'Deployment', namespace: 'shop', name: 'web' }, path: [] },
  message: "'`x`' is no port",
  fix: 'write one',
}

describe('a plan as JSON', () => {
  test('has the changes, the rounds, the flows and the problems', () => {
    const json = JSON.parse(planAsJson({ ...moved, problems: [problem] }, nowhere))
    expect(json).toMatchObject({
      count: { create: 0, change: 2, delete: 0, adopt: 0 },
      namespaces: [
        {
          namespace: 'shop',
          changes: [
            {
              verb: 'change',
              name: 'tierwall-api',
              because: expect.arrayContaining(['preset api: from web']),
              before: { spec: { ingress: [{ ports: [{ port: 5000 }] }] } },
              after: { metadata: { name: 'tierwall-api' }, spec: { ingress: [{ ports: [{ port: 5001 }] }] } },
            },
            { verb: 'change', name: 'tierwall-web' },
          ],
        },
      ],
      rounds: { close: expect.any(Array), open: expect.any(Array), tidy: [] },
      flows: {
        opened: [{ from: ['shop/web'], to: ['shop/api'], ports: '5001/TCP' }],
        cut: [{ from: ['shop/web'], to: ['shop/api'], ports: '5000/TCP' }],
      },
      problems: [{ code: 'port-invalid', said: 'Deployment shop/web' }],
    })
  })

  test('has no spec for what is no more', () => {
    const json = JSON.parse(planAsJson(reportOn(web, ''), nowhere))
    expect(json.namespaces[0].changes[0]).toEqual({
      verb: 'delete',
      name: 'tierwall-default-deny',
      because: ['the namespace has no tier any more'],
      before: { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
    })
    expect(json.rounds.open[0]).toMatchObject({ verb: 'delete', namespace: 'shop', name: 'tierwall-default-deny' })
  })

  test('says how many pairs were too many', () => {
    const json = JSON.parse(planAsJson({ ...moved, flows: { is: 'too-many', pairs: 7 } }, nowhere))
    expect(json.flows).toEqual({ pairs: 7 })
  })
})

describe('a plan as Markdown', () => {
  test('begins with the sum and the flows, and folds up the policies', () => {
    const text = planAsMarkdown(moved, nowhere)
    expect(text).toMatch(
      /^<!-- tierwall plan -->\n\n### Tierwall: 2 to change; 1 flow opens, 1 flow is cut\n\n\*\*Flows that open\*\*\n\n- `shop\/web -> shop\/api: 5001\/TCP`\n\n\*\*Flows that are cut\*\*/,
    )
    expect(text).toContain('**Namespace `shop`**\n\n<details><summary>~ change <code>tierwall-api</code></summary>\n')
    expect(text).toMatch(/```diff\n[^`]*\n- {7}- port: 5000\n\+ {7}- port: 5001\n[^`]*\n```\n\n<\/details>/)
  })

  test('says what is wrong, whatever the words of users hold', () => {
    const text = planAsMarkdown({ ...moved, problems: [problem] }, nowhere)
    expect(text).toContain(
      "**Problems**\n\n- `` Deployment shop/web: error port-invalid: '`x`' is no port; write one ``\n",
    )
  })

  test('is never longer than a comment may be', () => {
    const many = Array.from({ length: 200 }, (_, at) => workload(`w${at}`, { annotations: { tier: `t${at}` } })).join(
      '',
    )
    const text = planAsMarkdown(reportOn('', many, { flows: { is: 'known', opened: [], cut: [] } }), nowhere)
    expect(text.length).toBeLessThan(60_000)
    expect(text).toMatch(/and \d+ more, which `tierwall plan` shows\n$/)
    expect(text).toContain('### Tierwall: 202 to create')
  })

  test('is short where nothing changes', () => {
    expect(planAsMarkdown(reportOn(threeTiers, threeTiers), nowhere)).toBe(
      '<!-- tierwall plan -->\n\n### Tierwall: no changes: what stands is what is desired\n',
    )
  })
})
