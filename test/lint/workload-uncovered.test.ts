import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { batch, findings, namespace, pod, policy } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('workload-uncovered', text, configuration)
const web = workload('web', { tier: 'web' })
const at = (lines: readonly string[]) => lines.map(line => line.split(' ').slice(2, 4).join(' '))
const owner = (kind: string, name: string) => [{ kind, name }]

describe('workload-uncovered', () => {
  it('tells of a workload beside a tier', () => {
    expect(lint(web + workload('cron', {}))).toEqual([
      'workload-uncovered at Deployment shop/cron metadata.name: Deployment shop/cron is in no tier, and shop is isolated: it will be cut off but for DNS => annotate it with its tier, such as tierwall.dev/tier: worker',
    ])
  })

  it('offers an AppTier for what has no annotations that Tierwall reads', () => {
    expect(lint(web + batch('CronJob', 'nightly', { job: 'nightly' }))).toEqual([
      'workload-uncovered at CronJob shop/nightly metadata.name: CronJob shop/nightly is in no tier, and shop is isolated: it will be cut off but for DNS => name its pods by an AppTier with spec.selector: {matchLabels: {job: nightly}}',
    ])
    expect(lint(web + batch('Job', 'once', {}))).toEqual([
      'workload-uncovered at Job shop/once metadata.name: Job shop/once is in no tier, and shop is isolated: it will be cut off but for DNS => give its pods a label, and name that by an AppTier with spec.selector',
    ])
  })

  it('offers no label that tells one pod from the next', () => {
    const labels = { 'apps.kubernetes.io/pod-index': '0', 'controller-revision-hash': 'a1', app: 'kafka' }
    expect(lint(web + pod('kafka-0', { labels }))[0]).toContain('spec.selector: {matchLabels: {app: kafka}}')
  })

  it('puts a label in quotes where YAML would take it for a number or a truth', () => {
    expect(lint(web + batch('Job', 'once', { batch: 'true' }))[0]).toContain(
      'spec.selector: {matchLabels: {batch: "true"}}',
    )
    expect(lint(web + batch('Job', 'once', { run: '7' }))[0]).toContain('spec.selector: {matchLabels: {run: "7"}}')
  })

  it('tells of what a workload made by the workload alone', () => {
    const made =
      workload('cron', {}) +
      pod('cron-1-a', { labels: { 'pod-template-hash': '1' }, ownerReferences: owner('ReplicaSet', 'cron-1') }) +
      batch('CronJob', 'nightly', { job: 'nightly' }) +
      pod('nightly-7-x', { ownerReferences: owner('Job', 'nightly-7') }) +
      workload('keeper', {}, { kind: 'StatefulSet' }) +
      pod('keeper-0', { ownerReferences: owner('StatefulSet', 'keeper') })
    expect(at(lint(web + made))).toEqual(['CronJob shop/nightly', 'Deployment shop/cron', 'StatefulSet shop/keeper'])
  })

  it('tells once of the pods of a maker that it does not know', () => {
    const pods = ['kafka-0', 'kafka-1'].map(name => pod(name, { ownerReferences: owner('StrimziPodSet', 'kafka') }))
    expect(lint(web + pods.join(''))).toEqual([
      "workload-uncovered at Pod shop/kafka-0 metadata.name: Pod shop/kafka-0 is in no tier, and shop is isolated: it will be cut off but for DNS => name its pods by an AppTier with spec.selector: {matchLabels: {app: kafka-0}} (they are StrimziPodSet kafka's)",
    ])
  })

  it('is silent about pods that have ended', () => {
    expect(lint(web + pod('done', { status: { phase: 'Succeeded' } }))).toEqual([])
  })

  it('is silent about the host’s network, to which no policy applies', () => {
    expect(lint(web + pod('agent', { hostNetwork: true }))).toEqual([])
  })

  it('is silent about what an AppTier selects', () => {
    const tier = appTier('job', { selector: { matchLabels: { job: 'nightly' } } })
    expect(lint(web + tier + batch('CronJob', 'nightly', { job: 'nightly' }))).toEqual([])
    expect(at(lint(web + tier + batch('CronJob', 'weekly', { job: 'weekly' })))).toEqual(['CronJob shop/weekly'])
  })

  it('judges a namespace that says enforce itself, even without a tier', () => {
    const byHand = namespace('shop', {}, { 'tierwall.dev/isolation': 'enforce' })
    expect(at(lint(byHand + workload('cron', {})))).toEqual(['Deployment shop/cron'])
  })

  it('is silent in a namespace without a tier, and in one that is not enforced', () => {
    expect(lint(workload('cron', {}) + workload('web', { tier: 'web' }, { namespace: 'other' }))).toEqual([])
    expect(lint(web + workload('cron', {}), { isolation: 'audit' })).toEqual([])
    expect(lint(namespace('shop', {}, { 'tierwall.dev/isolation': 'off' }) + web + workload('cron', {}))).toEqual([])
  })

  it('says what somebody else’s policy leaves to be cut', () => {
    const isolate = (policyTypes: string[]) =>
      policy('own', { podSelector: { matchLabels: { app: 'cron' } }, policyTypes })
    const text = web + workload('cron', {})
    expect(lint(text + isolate(['Ingress', 'Egress']))).toEqual([])
    expect(lint(text + isolate(['Ingress']))[0]).toContain('it will connect to nobody but DNS')
    expect(lint(text + isolate(['Egress']))[0]).toContain('nobody will reach it')
  })

  it('does not repeat what is told of annotations and selectors that cannot be read', () => {
    expect(lint(web + workload('cron', { tier: 'Cron_1' }))).toEqual([])
    expect(lint(web + workload('cron', { ports: '80' }))).toEqual([])
    expect(lint(web + appTier('x', { selector: {} }) + workload('cron', {}))).toEqual([])
  })
})
