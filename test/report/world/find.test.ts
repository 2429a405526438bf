import { describe, expect, test } from 'vitest'
import { contextOf, find, pod, threeTiers, workload } from '../shop.ts'

const shop = contextOf(
  threeTiers +
    workload('web', { namespace: 'front', annotations: { tier: 'web', app: 'site' } }) +
    workload('web', { namespace: 'front', kind: 'DaemonSet', role: 'agent' }) +
    workload('lonely', { namespace: 'front' }) +
    workload('runner', { namespace: 'job' }) +
    workload('cache', { namespace: 'bi', annotations: { tier: 'cache', app: 'one' } }) +
    workload('cache2', { namespace: 'bi', annotations: { tier: 'cache', app: 'two' } }) +
    pod('api-0', { labels: '{role: api}', ip: '10.0.0.1' }) +
    pod('api-1', { labels: '{role: api}', ip: '10.0.0.2' }) +
    pod('api-old', { labels: '{role: api}', phase: 'Failed' }),
)

function labels(text: string, namespace = 'shop'): readonly string[] | string {
  const found = find(text, shop, namespace)
  return 'subject' in found
    ? found.subject.ends.map(({ label }) => label)
    : `${found.trouble.message}; ${found.trouble.fix}`
}

describe('an object', () => {
  test('of the current namespace is found by its name', () => {
    expect(labels('db')).toEqual(['StatefulSet shop/db'])
  })

  test('of another namespace is found by its name where that is the only one', () => {
    expect(labels('lonely')).toEqual(['Deployment front/lonely'])
  })

  test('may be named with its kind, in every spelling of kubectl', () => {
    for (const kind of ['sts', 'statefulset', 'StatefulSets', 'STS'])
      expect(labels(`${kind}/db`)).toEqual(['StatefulSet shop/db'])
  })

  test('may be named with its namespace, and with both', () => {
    expect(labels('front/lonely')).toEqual(['Deployment front/lonely'])
    expect(labels('front/ds/web')).toEqual(['DaemonSet front/web'])
  })

  test('in a namespace that is called like a kind is found where no such object exists', () => {
    expect(labels('job/runner')).toEqual(['Deployment job/runner'])
  })

  test('whose name several have is an error that names them', () => {
    expect(labels('front/web')).toBe(
      'front/web may be front/daemonset/web or front/deployment/web; write the one that is meant',
    )
    expect(labels('web', 'elsewhere')).toContain('or shop/deployment/web')
  })

  test('that is not there is an error with the near match', () => {
    expect(labels('wbe')).toBe('there is no wbe in the input; did you mean shop/deployment/web?')
    expect(labels('caches')).toBe('there is no caches in the input; did you mean bi/deployment/cache?')
  })

  test('with pods in the input means these, less those that have ended', () => {
    expect(labels('api')).toEqual(['Pod shop/api-0', 'Pod shop/api-1'])
    expect(labels('po/api-old')).toEqual(['Pod shop/api-old'])
  })
})

describe('a tier', () => {
  test('is found in the current namespace', () => {
    expect(labels('tier:db')).toEqual(['StatefulSet shop/db'])
  })

  test('may be named with its namespace and its app', () => {
    expect(labels('front/tier:site/web')).toEqual(['Deployment front/web'])
    expect(labels('shop/tier:-/web')).toEqual(['Deployment shop/web'])
  })

  test('without an app is that of the unnamed app, else of the only one that has it', () => {
    expect(labels('front/tier:web')).toEqual(['Deployment front/web'])
    expect(labels('bi/tier:cache')).toBe(
      'bi/tier:cache may be bi/tier:one/cache or bi/tier:two/cache; write the one that is meant',
    )
  })

  test('that is not there is an error with the near match', () => {
    expect(labels('tier:ap')).toBe('there is no tier:ap in the input; did you mean shop/tier:-/api?')
  })

  test('of an AppTier that knows no workload is a pod with the labels of its selector', () => {
    const context = contextOf(`---
apiVersion: tierwall.dev/v1alpha1
kind: AppTier
metadata: {name: store, namespace: shop}
spec:
  selector:
    matchLabels: {role: store}
    matchExpressions:
      - {key: size, operator: In, values: [big, small]}
      - {key: old, operator: DoesNotExist}
`)
    expect(context.world.pods.map(({ end, ref }) => [ref.kind, end.labels])).toEqual([
      ['AppTier', { size: 'big', role: 'store' }],
    ])
  })
})

describe('an address', () => {
  test('that a pod has means the pod, another one means what is outside', () => {
    expect(labels('10.0.0.2')).toEqual(['Pod shop/api-1'])
    expect(labels('8.8.8.8')).toEqual(['8.8.8.8'])
    expect(labels('[2001:db8::1]')).toEqual(['2001:db8::1'])
  })

  test('with a prefix length is an error', () => {
    expect(labels('10.0.0.0/8')).toContain('one address of the range')
  })
})

describe('anywhere', () => {
  test('is an address of each family and a pod that nobody knows', () => {
    expect(labels('anywhere')).toHaveLength(3)
  })

  test('is never an address that some rule names', () => {
    const annotations = { tier: 'api', 'allow-from': '203.0.113.0/24' }
    const { strangers } = contextOf(workload('api', { annotations })).world
    expect(strangers.map(({ label }) => label)).not.toContain('203.0.113.77 (a public IPv4 address)')
  })
})
