import { describe, expect, test } from 'vitest'
import { answerAsJson } from '../../../src/report/explain/json.ts'
import { answerAsText } from '../../../src/report/explain/text.ts'
import { ask, contextOf, judge, pod, threeTiers, workload } from '../shop.ts'

function explain(from: string, to: string, port: string | undefined, yaml: string): string {
  const context = contextOf(yaml)
  return answerAsText(ask(from, to, port, context), context)
}

describe('the explanation', () => {
  test("of an allowed connection quotes the user's own line", () => {
    expect(explain('web', 'api', '5000', threeTiers)).toBe(`ALLOWED web -> api:5000/TCP
  from Deployment shop/web: allowed by tierwall-web
         because shop.yaml:24:31: web — Deployment shop/api annotation tierwall.dev/allow-from
  to   Deployment shop/api: allowed by tierwall-api
         because shop.yaml:24:31: web — Deployment shop/api annotation tierwall.dev/allow-from
`)
  })

  test('of a preset names it, and the line that brought it', () => {
    expect(explain('api', 'db', '3306', threeTiers)).toContain('because shop.yaml:39:24: preset db: from api')
  })

  test('of an AppTier quotes the entry of its list', () => {
    const yaml = `${threeTiers}---
apiVersion: tierwall.dev/v1alpha1
kind: AppTier
metadata: {name: cache, namespace: shop}
spec:
  selector: {matchLabels: {role: cache}}
  ports: [{port: 6379}]
  from:
    - {tier: api, ports: [{port: 6379}]}
`
    expect(explain('api', 'tier:cache', '6379', yaml)).toMatch(
      /because shop.yaml:\d+:7: \{tier: api, ports: \[\{port: 6379\}\]\} — AppTier shop\/cache spec.from\[0\]/,
    )
  })

  test('of a policy that Tierwall did not write names its rule and line', () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: by-hand, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - from:
        - {podSelector: {matchLabels: {role: api}}}
`
    const text = explain('po/a', 'po/b', '80', pod('a', { labels: '{role: api}' }) + pod('b') + policy)
    expect(text).toContain('allowed by NetworkPolicy shop/by-hand')
    expect(text).toMatch(/because shop.yaml:\d+:11: NetworkPolicy shop\/by-hand spec.ingress\[0\].from\[0\]/)
  })

  test('of a denied connection names the policies that isolate, and what to write', () => {
    expect(explain('web', 'db', '3306', threeTiers)).toBe(`DENIED web -> db:3306/TCP
  from Deployment shop/web: denied: isolated by tierwall-allow-dns, tierwall-default-deny, tierwall-web; no rule lets it connect to StatefulSet shop/db on 3306/TCP
  to   StatefulSet shop/db: denied: isolated by tierwall-db.statefulset, tierwall-default-deny; no rule lets in Deployment shop/web on 3306/TCP
  to open it:
    - write tierwall.dev/allow-from: "api, web" on StatefulSet shop/db (shop.yaml:39:24)
`)
  })

  test('of an edge with one side only says which side is silent', () => {
    const yaml =
      workload('web', { namespace: 'front', annotations: { tier: 'web' } }) +
      workload('api', { annotations: { tier: 'api', 'allow-from': 'web.front' } })
    expect(explain('front/web', 'api', '5000', yaml)).toContain(
      'Deployment front/web does not say that it connects to api in shop: add api.shop to the allow-to of Deployment front/web',
    )
  })

  test('of pods that differ says which may and which may not', () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {ok: "yes"}}}]}]}
`
    const yaml =
      workload('web') +
      pod('web-0', { labels: '{role: web, ok: "yes"}' }) +
      pod('web-1', { labels: '{role: web}' }) +
      pod('db') +
      policy
    const text = explain('web', 'db', '80', yaml)
    expect(text).toContain('IT DEPENDS web -> db:80/TCP: allowed for 1 of 2 pairs')
    expect(text).toContain('  allowed Pod shop/web-0 -> Pod shop/db')
    expect(text).toContain('  denied Pod shop/web-1 -> Pod shop/db')
  })

  test('says that in audit nothing is written', () => {
    const audit = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}\n`
    expect(explain('web', 'db', '3306', threeTiers + audit)).toContain('which is in audit, Tierwall writes none')
  })

  test('lets no text of the input colour the terminal', () => {
    const yaml = workload('web', { annotations: { tier: 'web' } }) + workload('api', { annotations: { tier: 'api' } })
    const context = contextOf(yaml)
    const quote = () => ({ who: 'a\u001b[31m', text: 'b\nc' })
    expect(answerAsText(ask('web', 'api', '5000', context), { ...context, quote })).toContain(
      'b\\u000ac — a\\u001b[31m',
    )
  })

  test('is there as JSON for scripts', () => {
    const context = contextOf(threeTiers)
    const json: unknown = JSON.parse(answerAsJson(ask('web', 'db', '3306', context), context))
    expect(json).toMatchObject({
      from: 'web',
      to: 'db',
      verdict: 'denied',
      ports: [{ port: '3306/TCP', verdict: 'denied', pairs: [{ allowed: false }], hints: [] }],
    })
  })
})

/** What an explanation says is to be written, written. */
const advised: readonly {
  title: string
  from: string
  to: string
  port: string
  tiers: Record<string, Record<string, string>>
}[] = [
  {
    title: 'in place of a preset',
    from: 'web',
    to: 'db',
    port: '3306',
    tiers: { web: { tier: 'web' }, db: { tier: 'db' } },
  },
  {
    title: 'beside other peers',
    from: 'web',
    to: 'x',
    port: '80',
    tiers: { web: { tier: 'web' }, x: { tier: 'x', ports: '80', 'allow-from': 'cluster:81' } },
  },
  {
    title: 'in place of none',
    from: 'web',
    to: 'api',
    port: '5000',
    tiers: { web: { tier: 'web' }, api: { tier: 'api', 'allow-from': 'none' } },
  },
  {
    title: 'for another port',
    from: 'web',
    to: 'api',
    port: '9090/UDP',
    tiers: { web: { tier: 'web' }, api: { tier: 'api' } },
  },
  {
    title: 'for another app',
    from: 'web',
    to: 'api',
    port: '5000',
    tiers: { web: { tier: 'web', app: 'front' }, api: { tier: 'api', app: 'back' } },
  },
  {
    title: 'for another namespace',
    from: 'front/web',
    to: 'api',
    port: '5000',
    tiers: { 'front/web': { tier: 'web' }, api: { tier: 'api' } },
  },
  {
    title: 'for a way out to a tier that lets everyone in',
    from: 'api',
    to: 'web',
    port: '80',
    tiers: { web: { tier: 'web' }, api: { tier: 'api' } },
  },
  {
    title: 'for a way out to an address',
    from: 'api',
    to: '192.168.5.10',
    port: '80',
    tiers: { api: { tier: 'api' } },
  },
  {
    title: 'for a way in from an IPv6 address',
    from: '2001:db8::1',
    to: 'api',
    port: '81',
    tiers: { api: { tier: 'api' } },
  },
  { title: 'for a way in from anywhere', from: 'anywhere', to: 'api', port: '5000', tiers: { api: { tier: 'api' } } },
]

describe('what the explanation of a denied connection says is to be written', () => {
  test.each(advised)('opens it: $title', ({ from, to, port, tiers }) => {
    const yamlOf = (all: typeof tiers) =>
      Object.entries(all)
        .map(([place, annotations]) => {
          const [name = '', namespace = 'shop'] = place.split('/').reverse()
          return workload(name, { namespace, annotations })
        })
        .join('')
    expect(judge(from, to, port, contextOf(yamlOf(tiers)))).toBe('denied')
    const text = explain(from, to, port, yamlOf(tiers))
    const mended = structuredClone(tiers)
    for (const [, list = '', namespace, name = '', value = ''] of [
      ...text.matchAll(/tierwall\.dev\/(allow-from|allow-to)() of Deployment (?:shop\/)?(\S+) \([^)]*\): "([^"]*)"/g),
    ])
      Object.assign(mended[`${namespace}${name}`] ?? {}, { [list]: value })
    for (const [, list = '', value = '', name = ''] of text.matchAll(
      /write tierwall\.dev\/(allow-from|allow-to): "([^"]*)" on Deployment (?:shop\/)?(\S+)/g,
    ))
      Object.assign(mended[name] ?? {}, { [list]: value })
    expect(judge(from, to, port, contextOf(yamlOf(mended)))).toBe('allowed')
  })
})
