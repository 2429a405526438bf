import { describe, expect, it } from 'vitest'
import { workload } from '../decide.ts'
import { findings, pod, service } from './findings.ts'

const lint = (to: string, more = '', configuration: unknown = {}) =>
  findings('cidr-in-cluster', workload('web', { tier: 'web', 'allow-to': to }) + more, configuration)

describe('cidr-in-cluster', () => {
  it('tells of a Service’s address, which policies never see', () => {
    const kubernetes = service('kubernetes', { clusterIP: '10.96.0.1', ports: [{ port: 443 }] }, 'default')
    expect(lint('10.96.0.1/32:443', kubernetes)).toEqual([
      'cidr-in-cluster at Deployment shop/web metadata.annotations[tierwall.dev/allow-to] 0-16: 10.96.0.1/32 is the address of Service default/kubernetes: policies see the pods behind it instead => write kube-apiserver',
    ])
    expect(lint('10.96.0.7/32:80', service('api', { clusterIP: '10.96.0.7', ports: [{ port: 80 }] }))).toEqual([
      'cidr-in-cluster at Deployment shop/web metadata.annotations[tierwall.dev/allow-to] 0-15: 10.96.0.7/32 is the address of Service shop/api: policies see the pods behind it instead => write the tier of the pods behind it',
    ])
  })

  it('tells of a pod’s address', () => {
    expect(lint('10.244.0.9/32:80', pod('one', { status: { podIP: '10.244.0.9' } }))).toEqual([
      'cidr-in-cluster at Deployment shop/web metadata.annotations[tierwall.dev/allow-to] 0-16: 10.244.0.9/32 is the address of Pod shop/one, which another pod may have tomorrow => write a tier, *.NAMESPACE or a selector',
    ])
    expect(lint('10.0.0.9/32:80', pod('one', { hostNetwork: true, status: { podIP: '10.0.0.9' } }))).toEqual([])
  })

  it('tells of a range inside of the cluster’s own', () => {
    const configuration = { clusterRanges: ['10.244.0.0/16'] }
    expect(lint('10.244.3.0/24:80', '', configuration)).toEqual([
      "cidr-in-cluster at Deployment shop/web metadata.annotations[tierwall.dev/allow-to] 0-16: 10.244.3.0/24 is inside of the cluster's 10.244.0.0/16: many CNIs do not match pods by address => write a tier, *.NAMESPACE or a selector",
    ])
    expect(lint('10.0.0.0/8:80', '', configuration)).toEqual([])
    expect(lint('10.244.3.0/24:80')).toEqual([])
  })

  it('leaves nodes alone, whose addresses policies do match', () => {
    const configuration = {
      clusterRanges: ['10.0.0.0/8'],
      kubeApiserver: { endpoints: [{ address: '10.0.0.2', port: 6443 }] },
    }
    expect(lint('10.0.0.2/32:6443', '', configuration)).toEqual([])
    expect(lint('10.0.0.9/32:80', pod('one', { status: { hostIP: '10.0.0.9' } }), configuration)).toEqual([])
  })
})
