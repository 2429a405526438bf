import { describe, expect, test } from 'vitest'
import { compareFlows } from '../../../src/report/plan/flows.ts'
import { pod, threeTiers, workload } from '../shop.ts'
import { compare, isolated, untouched } from './worlds.ts'

const api = (annotations: Readonly<Record<string, string>>) =>
  workload('web', { annotations: { tier: 'web' }, ports: [80] }) +
  workload('api', { annotations: { tier: 'api', ...annotations }, ports: [5000] })

describe('between two worlds', () => {
  test('a tier that opens another port loses the one it had', () => {
    expect(compare(isolated(api({})), isolated(api({ ports: '5001' })))).toEqual({
      opened: ['shop/web -> shop/api: 5001/TCP'],
      cut: ['shop/web -> shop/api: 5000/TCP'],
    })
  })

  test('nothing opens and nothing is cut where policies stay as they are', () => {
    expect(compare(isolated(threeTiers), isolated(threeTiers))).toEqual({ opened: [], cut: [] })
  })

  test('the first policies cut all that nobody asked for', () => {
    const [before, after] = [untouched(threeTiers), isolated(threeTiers)]
    expect(compare(before, after)).toEqual({
      opened: [],
      cut: [
        'everyone but shop/web -> shop/api: every port',
        'shop/web -> shop/api: every port but 5000/TCP',
        'everyone but shop/api -> shop/db: every port',
        'shop/api -> shop/db: every port but 3306/TCP',
        'every pod of shop -> shop/web, any other pod, outside the cluster: every port',
        'any other pod, outside the cluster -> shop/web: every port but 80/TCP',
      ],
    })
    expect(compare(after, before).opened).toHaveLength(6)
  })

  test('pods of one workload are one end, and a pod among them that differs is another', () => {
    const pods =
      pod('api-1', { labels: '{role: api, pod-template-hash: a1}' }) +
      pod('api-2', { labels: '{role: api, pod-template-hash: b2}' })
    const yaml = (ports: string) => api({ ports }) + pods
    expect(compare(isolated(yaml('5000')), isolated(yaml('5001'))).opened).toEqual(['shop/web -> shop/api: 5001/TCP'])
  })

  test('a pod is asked about its siblings, not about itself', () => {
    const after = isolated(api({ 'allow-from': 'web, api' }))
    expect(compare(isolated(api({})), after).opened).toEqual(['shop/api -> shop/api: 5000/TCP'])
  })

  test('a pod that nobody made is named as one', () => {
    const yaml = `${api({})}${pod('debug')}`
    expect(compare(untouched(yaml), isolated(yaml)).cut).toContainEqual(expect.stringContaining('shop/pod/debug'))
  })

  test('ranges that rules name are ends of their own', () => {
    const after = isolated(api({ 'allow-to': '192.168.5.10/32:80, [10.0.0.0/8!10.0.0.0/9]:443' }))
    expect(compare(isolated(api({})), after).opened).toEqual([
      'shop/api -> 10.0.0.0/8!10.0.0.0/9: 443/TCP',
      'shop/api -> 192.168.5.10/32: 80/TCP',
    ])
  })

  test('of two address families one may open alone', () => {
    const after = isolated(api({ 'allow-to': '0.0.0.0/0:443' }))
    expect(compare(isolated(api({})), after).opened).toEqual(['shop/api -> outside (IPv4): 443/TCP'])
  })

  test('what is still to come has nothing to lose', () => {
    const before = isolated(workload('web', { annotations: { tier: 'web' } }))
    expect(compare(before, isolated(api({})))).toEqual({ opened: ['shop/web -> shop/api: 5000/TCP'], cut: [] })
  })

  test('those of one namespace may be asked for alone', () => {
    const both = (ports: string) =>
      api({ ports }) +
      workload('job', { namespace: 'bi', annotations: { tier: 'job', ports, 'allow-from': 'anywhere' } })
    const [before, after] = [isolated(both('5000')), isolated(both('5001'))]
    expect(compare(before, after, ['shop']).opened).toEqual(['shop/web -> shop/api: 5001/TCP'])
    expect(compare(before, after, ['bi']).opened).toEqual(['any other pod, outside the cluster -> bi/job: 5001/TCP'])
  })

  test('too many pairs are counted and not compared', () => {
    const many = Array.from({ length: 520 }, (_, at) => workload(`w${at}`, { annotations: { tier: `t${at}` } })).join(
      '',
    )
    expect(compareFlows(untouched(many), isolated(many))).toEqual({ is: 'too-many', pairs: expect.any(Number) })
  })
})
