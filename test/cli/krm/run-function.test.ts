import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { runFunction } from '../../../src/cli/krm/index.ts'

const web = `# the front door
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    namespace: shop
    annotations:
      tierwall.dev/tier: web # says it all
      config.kubernetes.io/path: 'k8s/web.yaml'
      config.kubernetes.io/index: '1'
  spec:
    selector: {matchLabels: {role: web}}
    template:
      metadata: {labels: {role: web, yaml11: "yes"}}
      spec:
        terminationGracePeriodSeconds: 010
        containers:
        - name: web
          nothing:
          also: ~
          script: |
            echo "hello   world"   

            exit 0
`
const other = `- apiVersion: v1
  kind: ConfigMap
  metadata: {name: other, namespace: shop}
  data: &data {on: "true", e: 1e3}
  more: *data
`
const policy = (name: string, labels: string) => `- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: ${name}, namespace: shop, labels: {${labels}}, annotations: {config.kubernetes.io/path: p/${name}.yaml}}
  spec: {podSelector: {}}
`
const ours = 'app.kubernetes.io/managed-by: tierwall'

function list(items: string, functionConfig = ''): string {
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${functionConfig}items:\n${items}`
}

function run(text: string) {
  const done = runFunction(text)
  if ('trouble' in done) throw new Error(done.trouble.message)
  return done
}

const shape = z.object({
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
  results: z.array(z.looseObject({})).optional(),
})
const read = (output: string) => shape.parse(parse(output))
const namesIn = (output: string) => read(output).items.map(({ metadata }) => metadata.name)

describe('the KRM function', () => {
  test('adds the policies behind the items, which stay as they were written', () => {
    const { output } = run(list(web + other))
    expect(output.startsWith(list(web + other))).toBe(true)
    expect(namesIn(output)).toEqual(['web', 'other', 'tierwall-web', 'tierwall-allow-dns', 'tierwall-default-deny'])
  })

  test('run again changes nothing', () => {
    const { output } = run(list(web + other))
    expect(run(output).output).toBe(output)
  })

  test('writes a policy of an earlier run anew in its place and file, and drops those that are stale', () => {
    const { output } = run(list(policy('tierwall-old', ours) + policy('tierwall-web', ours) + web))
    expect(namesIn(output)).toEqual(['tierwall-web', 'web', 'tierwall-allow-dns', 'tierwall-default-deny'])
    expect(read(output).items[0]).toMatchObject({
      metadata: { annotations: { 'config.kubernetes.io/path': 'p/tierwall-web.yaml' } },
      spec: { podSelector: { matchLabels: { role: 'web' } } },
    })
  })

  test("leaves other people's policies alone", () => {
    expect(namesIn(run(list(policy('mine', 'team: a') + other)).output)).toEqual(['mine', 'other'])
  })

  test('leaves the items as they are where there is an error, and says what and where', () => {
    const input = list(policy('tierwall-old', ours) + web.replace('tier: web', 'tier: Web!'))
    const { output, failed } = run(input)
    expect(failed).toBe(true)
    expect(output.startsWith(input)).toBe(true)
    expect(read(output).results).toEqual([
      {
        message: expect.stringContaining("'Web!' cannot be a tier's name; write"),
        severity: 'error',
        resourceRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
        field: { path: 'metadata.annotations[tierwall.dev/tier]' },
        file: { path: 'k8s/web.yaml', index: 1 },
        tags: { code: 'tier-invalid' },
      },
    ])
  })

  test('says in a result what a namespace in audit would get', () => {
    const audit =
      '- {apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}}\n'
    const { output, failed } = run(list(web + audit))
    expect(failed).toBe(false)
    expect(namesIn(output)).toEqual(['web', 'shop'])
    expect(read(output).results).toEqual([
      { severity: 'info', message: expect.stringContaining('namespace shop is in audit') },
    ])
  })

  test('takes its configuration as an object of its own or as text in a ConfigMap', () => {
    const asObject =
      'functionConfig: {apiVersion: tierwall.dev/v1alpha1, kind: Configuration, metadata: {name: c}, isolation: off}\n'
    const asText =
      'functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data:\n    config: |\n      isolation: "off"\n'
    for (const functionConfig of [asObject, asText])
      expect(namesIn(run(list(web, functionConfig)).output)).toEqual(['web'])
  })

  test('tells what is wrong with its configuration', () => {
    const { output, failed } = run(
      list(
        web,
        'functionConfig: {apiVersion: tierwall.dev/v1alpha1, kind: Configuration, metadata: {name: c}, isolaton: off}\n',
      ),
    )
    expect(failed).toBe(true)
    expect(read(output).results).toMatchObject([
      { severity: 'error', resourceRef: { kind: 'Configuration', name: 'c' }, tags: { code: 'configuration-invalid' } },
    ])
  })

  test('takes the results of an earlier run away', () => {
    const { output } = run(`${list(web)}results:\n- {message: old, severity: error}\n`)
    expect(read(output).results).toBeUndefined()
  })

  test('works on a list without items, and on JSON', () => {
    expect(run('kind: ResourceList\nitems: []\n').failed).toBe(false)
    const json = JSON.stringify(parse(list(web), { version: '1.1' }))
    expect(namesIn(run(json).output)).toHaveLength(4)
  })
})
