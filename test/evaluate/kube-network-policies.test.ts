/** The test tables of kube-network-policies: label selectors, packets, and those upstream cases that contradict the API. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readSelector } from '../../src/evaluate/index.ts'
import {
  answered,
  labelsSchema,
  namespacesSchema,
  podsIn,
  policyWith,
  portSchema,
  probeSchema,
  readCorpus,
} from './world.ts'

const corpus = readCorpus(
  'kube-network-policies/cases.yaml',
  z.strictObject({
    source: z.string(),
    namespaces: namespacesSchema,
    pods: z.record(
      z.string(),
      z
        .strictObject({ labels: labelsSchema, ip: z.string(), ports: z.array(portSchema) })
        .transform(({ ip, ...details }) => ({ ...details, ips: [ip] })),
    ),
    selector_table: z.array(
      z.strictObject({ name: z.string(), selector: z.unknown(), labels: labelsSchema, match: z.boolean() }),
    ),
    packets: z.array(
      probeSchema.extend({
        name: z.string(),
        policies: z.array(z.strictObject({ namespace: z.string(), name: z.string(), spec: z.unknown() })),
      }),
    ),
    not_usable: z.array(z.strictObject({ upstream_name: z.string(), why: z.string() })),
  }),
)
const pods = podsIn(corpus.namespaces, corpus.pods)

describe('kube-network-policies', () => {
  const judged = { selectors: 0, packets: 0, notUsable: 0 }

  describe('selectors', () => {
    for (const { name, selector, labels, match } of corpus.selector_table)
      it(name, () => {
        const { podSelector } = policyWith({ podSelector: selector }).spec
        expect(readSelector(podSelector)(labels)).toBe(match)
        judged.selectors += 1
      })
  })

  describe('packets', () => {
    for (const { name, policies, ...probe } of corpus.packets)
      it(name, () => {
        const read = policies.map(({ spec, namespace, name }) => policyWith(spec, namespace, name))
        expect(answered([probe], read, pods)).toEqual([probe])
        judged.packets += 1
      })
  })

  describe('where upstream and the API differ', () => {
    for (const { upstream_name, why } of corpus.not_usable)
      it(`${upstream_name}: ${why}`, () => {
        const check = whatTheApiSays.get(upstream_name)
        expect(check, 'a check of its own').toBeDefined()
        check?.()
        judged.notUsable += 1
      })
  })

  it('judges every row of every table', () => {
    expect(judged).toEqual({ selectors: 23, packets: 19, notUsable: 5 })
  })
})

/** May foo/a connect to bar/b on TCP 80 when these ingress rules are all that bar has? */
function expectIngress(ingress: unknown, expected: 'allow' | 'deny') {
  const policy = policyWith({ podSelector: {}, policyTypes: ['Ingress'], ingress }, 'bar')
  const probe = { from: 'foo/a', to: 'bar/b', port: 'TCP/80', expect: expected } as const
  expect(answered([probe], [policy], pods)).toEqual([probe])
}

const whatTheApiSays = new Map([
  ['allow all override deny ingress', () => expectIngress([], 'deny')],
  ['no selectors (peer {})', () => expectIngress([{ from: [{}] }], 'deny')],
  [
    'endPort 65537',
    () => {
      expectIngress([{ ports: [{ port: 30000, endPort: 65537 }] }], 'deny')
      expectIngress([{ ports: [{ port: 80, endPort: 65537 }] }], 'deny')
    },
  ],
  [
    'except 192.168.1.0/24 inside cidr 192.168.0.0/24',
    // Turned round, so that the source is in the CIDR and only the refused exception keeps it out.
    () => expectIngress([{ from: [{ ipBlock: { cidr: '192.168.1.0/24', except: ['192.168.0.0/24'] } }] }], 'deny'),
  ],
  [
    'LabelSelector with an unknown operator as a PEER',
    () => {
      const matchExpressions = [{ key: 'a', operator: 'Like', values: ['b'] }]
      expect(() => expectIngress([{ from: [{ podSelector: { matchExpressions } }] }], 'deny')).toThrow('operator')
    },
  ],
])
