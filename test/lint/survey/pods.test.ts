import { describe, expect, it } from 'vitest'
import { writeRef } from '../../../src/api/source.ts'
import { gatherPods } from '../../../src/lint/survey/pods.ts'
import { decideYaml, workload } from '../../decide.ts'
import { batch, pod } from '../findings.ts'

const named = (text: string) => gatherPods(decideYaml(text).snapshot).map(({ ref }) => writeRef(ref))
const by = (kind: string, name: string) => [{ kind, name }]
const owned = (text: string, kind: string, name: string) =>
  text.replace('"metadata":{', `"metadata":{"ownerReferences":${JSON.stringify(by(kind, name))},`)
const hashed = { 'pod-template-hash': 'ab1' }

describe('gatherPods', () => {
  it('has each workload once, whatever it has made', () => {
    const made =
      owned(workload('web-ab1', {}, { kind: 'ReplicaSet' }), 'Deployment', 'web') +
      pod('web-ab1-x', { labels: hashed, ownerReferences: by('ReplicaSet', 'web-ab1') }) +
      owned(batch('Job', 'nightly-7', {}), 'CronJob', 'nightly') +
      pod('nightly-7-x', { ownerReferences: by('Job', 'nightly-7') })
    expect(named(workload('web', {}) + batch('CronJob', 'nightly', {}) + made)).toEqual([
      'CronJob shop/nightly',
      'Deployment shop/web',
    ])
  })

  it('knows a Deployment’s and a CronJob’s pods without what stands between', () => {
    const made =
      pod('web-ab1-x', { labels: hashed, ownerReferences: by('ReplicaSet', 'web-ab1') }) +
      pod('nightly-7-x', { ownerReferences: by('Job', 'nightly-7') })
    expect(named(workload('web', {}) + batch('CronJob', 'nightly', {}) + made)).toEqual([
      'CronJob shop/nightly',
      'Deployment shop/web',
    ])
  })

  it('keeps pods whose maker only looks alike', () => {
    const strangers =
      pod('a', { ownerReferences: by('ReplicaSet', 'web-ab1') }) +
      pod('b', { labels: { 'pod-template-hash': 'zz9' }, ownerReferences: by('ReplicaSet', 'web-ab1') }) +
      pod('c', { labels: hashed, ownerReferences: by('Rollout', 'web-ab1') }) +
      pod('d', { labels: hashed, ownerReferences: by('ReplicaSet', 'web-ab1'), namespace: 'other' }) +
      pod('e', { ownerReferences: by('ReplicaSet', 'web-') })
    expect(named(workload('web', {}) + strangers)).toEqual([
      'Deployment shop/web',
      'Pod other/d',
      'Pod shop/a',
      'Pod shop/b',
      'Pod shop/c',
      'Pod shop/e',
    ])
  })

  it('leaves out pods that have ended', () => {
    const phases = ['Pending', 'Running', 'Succeeded', 'Failed']
    expect(named(phases.map(phase => pod(phase.toLowerCase(), { status: { phase } })).join(''))).toEqual([
      'Pod shop/pending',
      'Pod shop/running',
    ])
  })

  it('gives a pod its addresses once each, and the maker that the input lacks', () => {
    const status = { podIP: '10.0.0.9', podIPs: [{ ip: '10.0.0.9' }, { ip: 'fd00::9' }] }
    const [one] = gatherPods(decideYaml(pod('a', { status, ownerReferences: by('Rollout', 'web') })).snapshot)
    expect(one).toMatchObject({ ips: ['10.0.0.9', 'fd00::9'], unknownMaker: 'Rollout web' })
    const [other] = gatherPods(decideYaml(pod('a', { status: { podIP: '10.0.0.9' } })).snapshot)
    expect(other).toMatchObject({ ips: ['10.0.0.9'], unknownMaker: undefined })
  })

  it('takes static pods, which their node owns, for pods of their own', () => {
    const [one] = gatherPods(decideYaml(pod('proxy', { ownerReferences: by('Node', 'n1') })).snapshot)
    expect(one?.unknownMaker).toBeUndefined()
  })
})
