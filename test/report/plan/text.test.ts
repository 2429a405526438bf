import { describe, expect, test } from 'vitest'
import type { FlowGroup } from '../../../src/report/plan/flows.ts'
import { planAsText } from '../../../src/report/plan/text.ts'
import { threeTiers, workload } from '../shop.ts'
import { reportOn } from './reports.ts'

const web = workload('web', { annotations: { tier: 'web' } })
const [api, apiMoved] = ['5000', '5001'].map(ports => workload('api', { annotations: { tier: 'api', ports } }))

describe('a plan for a person', () => {
  test('has each policy with who asked for it and what changes in it, then the flows, then the sum', () => {
    expect(planAsText(reportOn(web + api, web + apiMoved))).toBe(`namespace shop
  ~ change tierwall-api
      because shop.yaml:23:24: api — Deployment shop/api annotation tierwall.dev/tier
      because shop.yaml:24:25: 5001 — Deployment shop/api annotation tierwall.dev/ports
      because preset api: from web
      …
                matchLabels:
                  role: web
          ports:
    -       - port: 5000
    +       - port: 5001
              protocol: TCP
      podSelector:
        matchLabels:
      …
  ~ change tierwall-web
      because shop.yaml:8:24: web — Deployment shop/web annotation tierwall.dev/tier
      because preset web: port 80
      because preset web: from anywhere
      …
                matchLabels:
                  k8s-app: kube-dns
        - ports:
    -       - port: 5000
    +       - port: 5001
              protocol: TCP
          to:
            - podSelector:
      …

flows that open
  + shop/web -> shop/api: 5001/TCP

flows that are cut
  - shop/web -> shop/api: 5000/TCP

2 to change; 1 flow opens, 1 flow is cut
`)
  })

  test('says that there is nothing to do', () => {
    expect(planAsText(reportOn(threeTiers, threeTiers))).toBe('no changes: what stands is what is desired\n')
  })

  test('lists policies in the order in which they are written, and those that go before they go', () => {
    const names = (text: string) =>
      [...text.matchAll(/^ {2}[-+~] (create|delete)( .*)$/gm)].map(([, verb, name]) => `${verb}${name}`)
    expect(names(planAsText(reportOn('', threeTiers)))).toEqual([
      'create tierwall-api',
      'create tierwall-db.statefulset',
      'create tierwall-web',
      'create tierwall-allow-dns',
      'create tierwall-default-deny',
    ])
    expect(names(planAsText(reportOn(threeTiers, '')))).toEqual([
      'delete tierwall-default-deny',
      'delete tierwall-allow-dns',
      'delete tierwall-api',
      'delete tierwall-db.statefulset',
      'delete tierwall-web',
    ])
  })

  test('says why a policy goes', () => {
    const text = planAsText(reportOn(web + api, web))
    expect(text).toContain('  - delete tierwall-api\n      because nobody asks for it any more\n')
    expect(planAsText(reportOn(web, ''))).toContain('because the namespace has no tier any more')
    const audit = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}\n`
    expect(planAsText(reportOn(web, web + audit))).toContain(
      'because shop.yaml:19:62: audit — Namespace shop annotation tierwall.dev/isolation',
    )
  })

  test('names the words that change where the spec stays', () => {
    const [before, after] = ['80', '80, 80/TCP'].map(ports => workload('web', { annotations: { tier: 'web', ports } }))
    const text = planAsText(reportOn(before ?? '', after ?? ''))
    expect(text).toContain('  ~ change tierwall-web\n')
    expect(text).toContain('      the spec stays, tierwall.dev/said changes\n')
    expect(text).toContain('1 to change; no flow opens, no flow is cut\n')
  })

  test('says what stays as it is, and cannot be coloured by whoever wrote it', () => {
    const notes = ['tierwall-web is \u001b[31msomebody else’s']
    const text = planAsText(reportOn('', '', { namespaces: [{ namespace: 'shop', changes: [], notes }] }))
    expect(text).toBe(
      'namespace shop\n  ! tierwall-web is \\u001b[31msomebody else’s\n\nno changes: what stands is what is desired\n',
    )
  })

  test('shows some flows and counts the others, unless all are asked for', () => {
    const opened = Array.from({ length: 25 }, (_, at): FlowGroup => ({ from: ['a'], to: [`b${at}`], ports: '80/TCP' }))
    const report = reportOn('', web, { flows: { is: 'known', opened, cut: [] } })
    expect(planAsText(report)).toContain('  + a -> b19: 80/TCP\n  and 5 more; --verbose shows all\n')
    expect(planAsText(report)).not.toContain('flows that are cut')
    expect(planAsText(report, { verbose: true })).toContain('  + a -> b24: 80/TCP\n\n')
  })

  test('names some ends of a flow and counts the others', () => {
    const opened = [{ from: ['a', 'b', 'c', 'd', 'e'], to: ['f'], ports: '80/TCP' }]
    const text = planAsText(reportOn('', web, { flows: { is: 'known', opened, cut: [] } }))
    expect(text).toContain('  + a, b, c and 2 more -> f: 80/TCP\n')
  })

  test('says so where there are too many pairs to compare', () => {
    const text = planAsText(reportOn('', web, { flows: { is: 'too-many', pairs: 1_000_000 } }))
    expect(text).toContain('\nflows are not compared, since there are 1000000 pairs of ends;')
    expect(text).toMatch(/\n3 to create\n$/)
  })

  test('shows the rounds to whoever wants to know', () => {
    const text = planAsText(reportOn(threeTiers, ''), { verbose: true })
    expect(text).toContain('round open\n  delete shop/tierwall-default-deny\n  delete shop/tierwall-allow-dns\n')
  })

  test('is coloured by what its lines mean', () => {
    const paint = (meaning: string, text: string) => `<${meaning}>${text}</>`
    const text = planAsText(reportOn(web + api, web + apiMoved), { paint })
    expect(text).toContain('<strong>namespace shop</>\n  <doubtful>~ change tierwall-api</>\n')
    expect(text).toContain('    <bad>-       - port: 5000</>\n    <good>+       - port: 5001</>\n')
  })
})
