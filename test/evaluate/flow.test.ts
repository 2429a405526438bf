import { describe, expect, it } from 'vitest'
import { type End, evaluateFlow, indexPolicies, type Target } from '../../src/evaluate/index.ts'
import { address, pod, policyWith } from './world.ts'

const outside = address('203.0.113.7')
const web = pod('shop/web', { labels: { app: 'web' }, ips: ['10.0.0.1'] })
const api = pod('shop/api', { labels: { app: 'api' }, ips: ['10.0.0.2'] })
const tcp80: Target = { port: 80, protocol: 'TCP' }

function allows(spec: unknown, from: End, to: End, target = tcp80): boolean {
  return evaluateFlow([policyWith(spec)], from, to, target).allowed
}

/** Whom a pod of namespace shop admits whose only ingress rule has this one peer. */
function admits(peer: unknown, from: End): boolean {
  return allows({ podSelector: {}, ingress: [{ from: [peer] }] }, from, pod('shop/server'))
}

describe('evaluateFlow', () => {
  it('allows everything where no policy selects either end', () => {
    const elsewhere = policyWith({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'other')
    const verdict = evaluateFlow([elsewhere], web, api, tcp80)
    expect(verdict.allowed).toBe(true)
    expect(verdict.egress).toEqual({ allowed: true, isolating: [], grants: [] })
    expect(verdict.ingress).toEqual({ allowed: true, isolating: [], grants: [] })
  })

  it('wants both the egress of the source and the ingress of the destination', () => {
    const deny = policyWith({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'shop', 'deny')
    const out = policyWith({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] }, 'shop', 'out')
    const into = policyWith({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }, 'shop', 'into')
    const verdict = (...policies: (typeof deny)[]) => {
      const { allowed, egress, ingress } = evaluateFlow(policies, web, api, tcp80)
      return [allowed, egress.allowed, ingress.allowed]
    }
    expect(verdict(deny)).toEqual([false, false, false])
    expect(verdict(deny, out)).toEqual([false, true, false])
    expect(verdict(deny, into)).toEqual([false, false, true])
    expect(verdict(deny, out, into)).toEqual([true, true, true])
  })

  it('names the isolating policies in order of name, and each rule and peer that allows the flow', () => {
    const deny = policyWith({ podSelector: {} }, 'shop', 'b-deny')
    const rules = [
      { from: [{ podSelector: {} }], ports: [{ port: 443 }] },
      { from: [{ ipBlock: { cidr: '192.0.2.0/24' } }, { podSelector: {} }, { namespaceSelector: {} }] },
      {},
    ]
    const allow = policyWith({ podSelector: { matchLabels: { app: 'api' } }, ingress: rules }, 'shop', 'a-allow')
    const { ingress } = evaluateFlow([deny, allow], web, api, tcp80)
    expect(ingress.isolating).toEqual([allow, deny])
    expect(ingress.grants).toEqual([
      { policy: allow, rule: 1, peer: 1 },
      { policy: allow, rule: 1, peer: 2 },
      { policy: allow, rule: 2, peer: undefined },
    ])
  })

  it('never keeps a pod from itself', () => {
    const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
    expect(allows(spec, web, pod('shop/web'))).toBe(true)
    expect(allows(spec, web, pod('other/web'))).toBe(false)
    expect(allows(spec, web, api)).toBe(false)
  })

  it('lets addresses outside the cluster reach each other', () => {
    expect(allows({ podSelector: {} }, outside, address('203.0.113.8'))).toBe(true)
  })

  it('reads a policy without namespace as one of namespace default', () => {
    const policy = policyWith({ podSelector: {} })
    const bare = { ...policy, metadata: { ...policy.metadata, namespace: undefined } }
    expect(evaluateFlow([bare], outside, pod('default/web'), tcp80).allowed).toBe(false)
    expect(evaluateFlow([bare], outside, web, tcp80).allowed).toBe(true)
  })

  it('judges by an index as it judges by the policies', () => {
    const policies = [policyWith({ podSelector: { matchLabels: { app: 'api' } } })]
    const index = indexPolicies(policies)
    for (const [from, to] of [
      [web, api],
      [api, web],
      [web, api],
    ] as const)
      expect(evaluateFlow(index, from, to, tcp80)).toEqual(evaluateFlow(policies, from, to, tcp80))
  })
})

describe('a rule', () => {
  it.each([
    ['missing', {}],
    ['null', { from: null, ports: null }],
    ['empty', { from: [], ports: [] }],
  ])('means everyone and every port where its lists are %s', (_, rule) => {
    for (const protocol of ['TCP', 'UDP', 'SCTP'] as const)
      for (const port of [1, 80, 65535])
        expect(allows({ podSelector: {}, ingress: [rule] }, outside, web, { port, protocol })).toBe(true)
  })

  it('means everyone out of the pod as well', () => {
    for (const rule of [{}, { to: null }, { to: [], ports: [] }])
      expect(allows({ podSelector: {}, policyTypes: ['Egress'], egress: [rule] }, web, outside)).toBe(true)
  })

  it('has no effect in a direction that policyTypes leaves out', () => {
    expect(
      allows({ podSelector: {}, policyTypes: ['Ingress'], egress: [{ ports: [{ port: 1 }] }] }, web, outside),
    ).toBe(true)
    expect(
      allows({ podSelector: {}, policyTypes: ['Egress'], ingress: [{ ports: [{ port: 1 }] }] }, outside, web),
    ).toBe(true)
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', []],
  ])(
    'isolates for ingress always, for egress where there are egress rules, where policyTypes are %s',
    (_, policyTypes) => {
      const ruled = { podSelector: {}, policyTypes, egress: [{ ports: [{ port: 1 }] }] }
      expect(allows(ruled, web, outside)).toBe(false)
      expect(allows(ruled, outside, web)).toBe(false)
      for (const egress of [undefined, null, []]) {
        expect(allows({ podSelector: {}, policyTypes, egress }, web, outside)).toBe(true)
        expect(allows({ podSelector: {}, policyTypes, egress }, outside, web)).toBe(false)
      }
    },
  )
})

describe('a peer', () => {
  const frontend = { matchLabels: { project: 'frontend' } }
  const client = { matchLabels: { role: 'client' } }
  const inside = (place: string, role: string, project: string) =>
    pod(place, { labels: { role }, namespaceLabels: { project } })

  it('with both selectors wants both', () => {
    const both = { namespaceSelector: frontend, podSelector: client }
    expect(admits(both, inside('other/a', 'client', 'frontend'))).toBe(true)
    expect(admits(both, inside('other/a', 'client', 'backend'))).toBe(false)
    expect(admits(both, inside('other/a', 'server', 'frontend'))).toBe(false)
  })

  it('with a podSelector alone means pods of the policy’s namespace', () => {
    expect(admits({ podSelector: client }, inside('shop/a', 'client', 'backend'))).toBe(true)
    expect(admits({ podSelector: client }, inside('other/a', 'client', 'frontend'))).toBe(false)
  })

  it('with a namespaceSelector alone means all pods there', () => {
    expect(admits({ namespaceSelector: frontend }, inside('other/a', 'anything', 'frontend'))).toBe(true)
    expect(admits({ namespaceSelector: frontend }, inside('shop/a', 'anything', 'backend'))).toBe(false)
  })

  it('with selectors never means an address', () => {
    for (const peer of [{ podSelector: {} }, { namespaceSelector: {} }, { podSelector: {}, namespaceSelector: {} }])
      expect(admits(peer, outside)).toBe(false)
  })

  it('with an ipBlock means pods by their addresses, and no pod whose address is unknown', () => {
    const peer = { ipBlock: { cidr: '10.0.0.0/24' } }
    expect(admits(peer, web)).toBe(true)
    expect(admits({ ipBlock: { cidr: '10.0.1.0/24' } }, web)).toBe(false)
    expect(admits(peer, pod('shop/starting'))).toBe(false)
  })

  it('that the API server refuses means nobody', () => {
    expect(admits({}, web)).toBe(false)
    expect(admits({ podSelector: null, namespaceSelector: null, ipBlock: null }, web)).toBe(false)
    expect(admits({ podSelector: {}, ipBlock: { cidr: '0.0.0.0/0' } }, web)).toBe(false)
  })
})

describe('a pod on its node’s network', () => {
  const onNode = pod('shop/agent', { labels: { app: 'web' }, ips: ['192.0.2.1'], hostNetwork: true })

  it('is isolated by no policy', () => {
    const deny = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
    expect(allows(deny, outside, onNode)).toBe(true)
    expect(allows(deny, onNode, outside)).toBe(true)
  })

  it('is meant by ipBlocks, not by selectors', () => {
    expect(admits({ podSelector: {}, namespaceSelector: {} }, onNode)).toBe(false)
    expect(admits({ podSelector: { matchLabels: { app: 'web' } } }, onNode)).toBe(false)
    expect(admits({ ipBlock: { cidr: '192.0.2.1/32' } }, onNode)).toBe(true)
  })
})

describe('dual-stack', () => {
  const dual = pod('shop/dual', { ips: ['10.0.0.9', 'fd00::9'] })
  const v4 = { ipBlock: { cidr: '10.0.0.0/8' } }
  const v6 = { ipBlock: { cidr: 'fd00::/8' } }
  const server = pod('shop/server', { ips: ['10.0.0.10', 'fd00::10'] })

  it('pods are meant by an ipBlock that holds either of their addresses', () => {
    const spec = (peer: unknown) => ({ podSelector: {}, ingress: [{ from: [peer] }] })
    expect(allows(spec(v4), dual, server)).toBe(true)
    expect(allows(spec(v6), dual, server)).toBe(true)
    expect(allows(spec({ ipBlock: { cidr: '::/0', except: ['fd00::/8'] } }), dual, server)).toBe(false)
  })

  it('pods are not meant by an address that the other end has no family for', () => {
    const spec = { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [v6] }] }
    expect(allows(spec, dual, api)).toBe(false)
    expect(allows(spec, dual, pod('shop/server', { labels: { app: 'api' }, ips: ['fd00::2'] }))).toBe(true)
  })

  it('pods cannot leave in one family and arrive in the other', () => {
    const types = ['Ingress', 'Egress']
    const mixed = { podSelector: {}, policyTypes: types, egress: [{ to: [v4] }], ingress: [{ from: [v6] }] }
    const { allowed, egress, ingress } = evaluateFlow([policyWith(mixed)], dual, server, tcp80)
    expect([allowed, egress.allowed, ingress.allowed]).toEqual([false, true, false])
  })
})
