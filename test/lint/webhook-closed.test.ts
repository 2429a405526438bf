import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, policy, service } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('webhook-closed', text, configuration)
const backend = service('hook', { selector: { app: 'hook' }, ports: [{ port: 443, targetPort: 'https' }] })
const hook = (annotations: Readonly<Record<string, string>>) =>
  workload('hook', annotations, {
    ports: [
      { name: 'https', containerPort: 9443 },
      { name: 'metrics', containerPort: 9090 },
    ],
  })
const webhook = (more: object = {}, kind = 'ValidatingWebhookConfiguration') => {
  const clientConfig = { service: { namespace: 'shop', name: 'hook', ...more } }
  const webhooks = [{ name: 'a.tierwall.example', clientConfig }]
  return `---\n${JSON.stringify({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'guard' }, webhooks })}\n`
}
const apiServer = { kubeApiserver: { endpoints: [{ address: '10.0.0.2', port: 6443 }] } }
const closed = { tier: 'hook', ports: '9443', 'allow-from': 'none' }
const open = (from: string) => hook({ tier: 'hook', ports: '9443', 'allow-from': from })

describe('webhook-closed', () => {
  it('tells of a webhook that the API server cannot reach, and what to write', () => {
    expect(lint(hook(closed) + backend + webhook())).toEqual([
      'webhook-closed at Deployment shop/hook metadata.annotations[tierwall.dev/allow-from]: ValidatingWebhookConfiguration guard calls Service shop/hook, but nothing lets the API server into Deployment shop/hook on port 9443 => write tierwall.dev/allow-from: kube-apiserver:9443 on Deployment shop/hook',
    ])
  })

  it('keeps those who may connect already', () => {
    const web = workload('web', { tier: 'web' })
    expect(lint(web + open('web, *.ops:9090') + backend + webhook())[0]).toContain(
      'write tierwall.dev/allow-from: web, *.ops:9090, kube-apiserver:9443 on Deployment shop/hook',
    )
    expect(lint(hook({ tier: 'db', ports: '9443' }) + backend + webhook())[0]).toContain(
      'allow-from: api, kube-apiserver:9443',
    )
  })

  it('judges mutating webhooks and APIServices too, and one Service once', () => {
    const apiService = `---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.metrics.example}
spec: {service: {namespace: shop, name: hook}}
`
    expect(lint(hook(closed) + backend + webhook({}, 'MutatingWebhookConfiguration'))).toHaveLength(1)
    expect(lint(hook(closed) + backend + apiService)[0]).toContain(
      'APIService v1.metrics.example calls Service shop/hook',
    )
    expect(lint(hook(closed) + backend + apiService + webhook())).toHaveLength(1)
  })

  it('follows the port that the webhook names', () => {
    const other = service('hook', { selector: { app: 'hook' }, ports: [{ port: 8443, targetPort: 10250 }] })
    expect(lint(hook(closed) + other + webhook({ port: 8443 }))[0]).toContain('on port 10250')
    expect(lint(hook(closed) + other + webhook())).toEqual([])
  })

  it('is silent where the API server’s endpoints are let in', () => {
    expect(lint(open('kube-apiserver:9443') + backend + webhook(), apiServer)).toEqual([])
    expect(lint(open('10.0.0.0/24') + backend + webhook(), apiServer)).toEqual([])
    expect(lint(open('anywhere') + backend + webhook(), apiServer)).toEqual([])
  })

  it('wants the right addresses and the right port once the endpoints are known', () => {
    expect(lint(open('10.0.1.0/24') + backend + webhook(), apiServer)).toHaveLength(1)
    expect(lint(open('kube-apiserver:443') + backend + webhook(), apiServer)).toHaveLength(1)
    expect(lint(open('cluster') + backend + webhook(), apiServer)).toHaveLength(1)
    const endpoints = [...apiServer.kubeApiserver.endpoints, { address: '10.0.1.3', port: 6443 }]
    expect(lint(open('10.0.0.0/24') + backend + webhook(), { kubeApiserver: { endpoints } })).toHaveLength(1)
  })

  it('takes any address outside, or the name, for the API server where its endpoints are not known', () => {
    expect(lint(open('192.168.44.0/28') + backend + webhook())).toEqual([])
    expect(lint(open('internet') + backend + webhook())).toEqual([])
    expect(lint(open('kube-apiserver') + backend + webhook())).toEqual([])
    expect(lint(open('kube-apiserver:https') + backend + webhook())).toEqual([])
    expect(lint(open('kube-apiserver:443') + backend + webhook())).toHaveLength(1)
    expect(lint(open('kube-apiserver:metrics') + backend + webhook())).toHaveLength(1)
    expect(lint(open('cluster') + backend + webhook())).toHaveLength(1)
  })

  it('counts what somebody else’s policy lets in', () => {
    const own = policy('own', { podSelector: { matchLabels: { app: 'hook' } }, ingress: [{ ports: [{ port: 9443 }] }] })
    expect(lint(hook(closed) + backend + webhook() + own)).toEqual([])
  })

  it('tells of a backend in no tier, which the default-deny shuts', () => {
    expect(lint(workload('web', { tier: 'web' }) + hook({}) + backend + webhook())).toEqual([
      'webhook-closed at Deployment shop/hook metadata.name: ValidatingWebhookConfiguration guard calls Service shop/hook, but nothing lets the API server into Deployment shop/hook on port 9443 => give Deployment shop/hook a tier and tierwall.dev/allow-from: kube-apiserver:9443',
    ])
  })

  it('says what to add to an AppTier', () => {
    const tier = appTier('hook', { selector: { matchLabels: { app: 'hook' } }, ports: [{ port: 9443 }], from: [] })
    expect(lint(tier + hook({}) + backend + webhook())).toEqual([
      'webhook-closed at AppTier shop/hook spec.from: ValidatingWebhookConfiguration guard calls Service shop/hook, but nothing lets the API server into Deployment shop/hook on port 9443 => add {kubeApiserver: true, ports: [{port: 9443}]} to spec.from of AppTier shop/hook',
    ])
  })

  it('keeps an AppTier’s preset, which a list of its own would replace', () => {
    const tier = appTier('hook', { tier: 'api', selector: { matchLabels: { app: 'hook' } } })
    expect(lint(tier + hook({}) + backend + webhook())[0]).toContain(
      'AppTier shop/hook spec.from: ValidatingWebhookConfiguration guard calls Service shop/hook, but nothing lets the API server into Deployment shop/hook on port 9443 => write from: [{tier: web}, {kubeApiserver: true, ports: [{port: 9443}]}] on AppTier shop/hook',
    )
  })

  it('is silent where nothing is isolated, and about Services that are not there', () => {
    expect(lint(hook({}) + backend + webhook())).toEqual([])
    expect(lint(hook(closed) + backend + webhook(), { isolation: 'audit' })).toEqual([])
    expect(lint(hook(closed) + webhook())).toEqual([])
    expect(lint(hook(closed) + backend + webhook({ name: 'other' }))).toEqual([])
  })

  it('leaves namespaces that Tierwall does not isolate to their own policies', () => {
    expect(lint(hook({}) + backend + webhook() + policy('own', { podSelector: {} }))).toEqual([])
  })

  it('does not judge a tier that keeps its last good policy', () => {
    const broken = hook({ ...closed, ports: '80-79' })
    expect(lint(workload('web', { tier: 'web' }) + broken + backend + webhook())).toEqual([])
  })

  it('is silent about pods on the host’s network', () => {
    const onHost = hook(closed).replace('"spec":{"containers"', '"spec":{"hostNetwork":true,"containers"')
    expect(lint(onHost + backend + webhook())).toEqual([])
  })
})
