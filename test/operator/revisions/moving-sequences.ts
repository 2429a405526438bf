/** Sequences in which the ground moves under every tier: DNS, the API server, and what the cluster's admin says. */
import type { Burst, Edit, Said, Sequence } from './edits.ts'
import { dnsService, kubeDns, noDns, noEndpoints, noSlice, slice } from './ground.ts'

const slot = (workload: number, space = 0) => ({ space, workload })
const [a, b, c, e] = [slot(0), slot(1), slot(2), slot(4)]
const say = (at: typeof a, said: Said): Edit => ({ is: 'say', slot: at, said })
const isolate = (mode: string | undefined): Edit => ({ is: 'isolate', space: 0, mode })
const configure = (configuration: object): Edit => ({ is: 'configure', configuration })
const edited = (edits: readonly Edit[], pause: number, falls: Burst['falls']): Burst => {
  return { edits: edits.map(edit => ({ edit, pause })), falls, settles: true }
}
const burst = (...edits: readonly Edit[]) => edited(edits, 0, undefined)
/** Each is seen by itself, and not all of it is done before the next comes. */
const slowly = (...edits: readonly Edit[]) => edited(edits, 30, undefined)
/** Nobody looks while these are made: whoever comes next sees them as one change. */
const unseen = (...edits: readonly Edit[]) => edited(edits, 0, { after: 0, how: 'dies' })
const torn = (after: number, ...edits: readonly Edit[]) => edited(edits, 0, { after, how: 'dies' })

/** Two tiers that speak with each other, one that says little, and one in another namespace. */
const start: readonly Edit[] = [
  say(a, { tier: 't1', ports: '80', 'allow-from': 'anywhere', 'allow-to': '198.51.100.0/24' }),
  say(b, { tier: 't2', ports: '80', 'allow-from': 't1', 'allow-to': 'kube-apiserver' }),
  say(c, { tier: 't3', ports: '80' }),
  say(slot(0, 1), { tier: 't1', ports: '80', 'allow-from': 'cluster' }),
]
const brokenB: Said = { tier: 't2', ports: '80', 'allow-from': 't1, ???' }

export const movingSequences: Readonly<Record<string, Sequence>> = {
  'DNS moves to other pods and to another port': {
    start: [dnsService({ selector: kubeDns }), ...start],
    bursts: [
      burst(dnsService({ selector: { dns: 'new' } })),
      torn(2, dnsService({ selector: { dns: 'new' }, port: 5353 })),
      unseen(noDns, dnsService({ selector: kubeDns, port: 5353 }), say(b, brokenB)),
      slowly(noDns, dnsService({ selector: { dns: 'newer' }, port: 5353 }), say(c, { tier: 't4', ports: '81' })),
      unseen({ is: 'by hand', space: 0, pick: 2, how: 'narrowed' }, dnsService({ selector: kubeDns })),
      burst(noDns),
    ],
  },
  'DNS goes from pods to addresses and back, while its namespace is left and entered': {
    start: [dnsService({ selector: { dns: 'new' } }), ...start],
    bursts: [
      slowly(dnsService({}), slice('kube-system', 'kube-dns', ['203.0.113.7'])),
      slowly(slice('kube-system', 'kube-dns', ['198.51.100.7', '10.1.2.3'], 5353), isolate('audit')),
      unseen(dnsService({ selector: { dns: 'new' } }), isolate('enforce'), noSlice),
      torn(1, isolate('off'), dnsService({ selector: kubeDns })),
      slowly(isolate(undefined), noDns),
    ],
  },
  'the configuration names another DNS': {
    start: [dnsService({ selector: { dns: 'old' } }), ...start],
    bursts: [
      burst(dnsService({ namespace: '@1', name: 'own', selector: { dns: 'own' }, port: 5353 })),
      burst(configure({ dns: { services: [{ namespace: '@1', name: 'own' }] } })),
      unseen(configure({ dns: { services: [{ namespace: '@0', name: 'own' }], peers: ['203.0.113.0/24'] } })),
      burst(dnsService({ namespace: '@0', name: 'own', selector: { app: 'e' } }), say(e, {})),
      slowly(configure({ dns: { peers: ['198.51.100.7/32'] } }), noDns),
      burst(configure({})),
    ],
  },
  'the configuration says what joins every tier': {
    start,
    bursts: [
      burst(configure({ peers: { office: '203.0.113.0/24' }, baseline: { from: ['@office:80'] } })),
      slowly(
        configure({ baseline: { from: ['cluster:81'], to: ['198.51.100.0/24'] } }),
        say(a, { tier: 't1', ports: '80', 'allow-from': 'anywhere', 'allow-to': 'none' }),
        say(b, brokenB),
      ),
      unseen(
        configure({ peers: { office: '203.0.113.0/24' } }),
        say(c, { tier: 't3', ports: '80', 'allow-from': '@office' }),
      ),
      burst(configure({ peers: { office: '198.51.100.0/24' } })),
      slowly(configure({ isolation: 'audit' }), say(b, { tier: 't2', ports: '80', 'allow-from': 't1, @office' })),
      burst(configure({ isolation: 'enforce', peers: { office: ['203.0.113.0/24', '10.1.2.3/32'] } })),
      burst(configure({})),
    ],
  },
  'the API server has other endpoints': {
    start,
    bursts: [
      burst(slice('default', 'kubernetes', ['203.0.113.7'], 6443)),
      torn(1, slice('default', 'kubernetes', ['203.0.113.7', '198.51.100.7'], 6443), say(b, brokenB)),
      slowly(
        slice('default', 'kubernetes', ['10.1.2.3'], 6443),
        say(c, { tier: 't3', ports: '80', 'allow-to': 'kube-apiserver' }),
      ),
      burst(noEndpoints),
    ],
  },
}
