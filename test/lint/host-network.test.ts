import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, pod } from './findings.ts'

const lint = (text: string) => findings('host-network', text)
const onHost = (text: string) => text.replace('"spec":{"containers"', '"spec":{"hostNetwork":true,"containers"')

describe('host-network', () => {
  it('tells of a tier’s workload on the host’s network', () => {
    expect(lint(onHost(workload('agent', { tier: 'agent' }, { kind: 'DaemonSet' })))).toEqual([
      "host-network at DaemonSet shop/agent spec.template.spec.hostNetwork: the pods of DaemonSet shop/agent in tier agent have their node's address: no policy protects them, and peers that name the tier do not mean them => write hostNetwork: false, or take the tier away and guard the port on the node",
    ])
  })

  it('tells of pods and CronJobs that an AppTier selects', () => {
    const tier = appTier('agent', { selector: { matchLabels: { role: 'agent' } } })
    const cronJob = `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {role: agent}}, spec: {hostNetwork: true}}}}}
`
    const found = lint(tier + pod('one', { labels: { role: 'agent' }, hostNetwork: true }) + cronJob)
    expect(found.map(line => line.split(':')[0])).toEqual([
      'host-network at CronJob shop/nightly spec.jobTemplate.spec.template.spec.hostNetwork',
      'host-network at Pod shop/one spec.hostNetwork',
    ])
  })

  it('is silent about pods that are in no tier', () => {
    expect(lint(workload('web', { tier: 'web' }) + onHost(workload('agent', {})))).toEqual([])
  })
})
