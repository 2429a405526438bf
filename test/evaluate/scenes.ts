/** Random worlds for property tests, small enough that policies and pods often meet. */

import type { NetworkPolicy } from '../../src/api/kubernetes.ts'
import type { End, PodEnd } from '../../src/evaluate/index.ts'
import fc from '../seeded.ts'
import { address, pod, policyWith, protocols } from './world.ts'

/** `constructor` and `valueOf` are legal label keys and values that every object inherits. */
const word = fc.constantFrom('app', 'constructor', 'valueOf')
const labels = fc.dictionary(word, word, { maxKeys: 2 })
const portName = fc.constantFrom('http', 'metrics')
export const port = fc.constantFrom(1, 2, 79, 80, 81, 443, 8080, 65534, 65535)
export const protocol = fc.constantFrom(...protocols)

/** Missing, null and empty are three spellings that Kubernetes may read as one or as three. */
function listOf<T>(item: fc.Arbitrary<T>) {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, []) },
    { weight: 6, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
  )
}

const expression = fc.oneof(
  fc.record({
    key: word,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(word, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
)
const selector = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom({}, { matchLabels: null }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) },
      { requiredKeys: [] },
    ),
  },
)

const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({
    ipBlock: fc.constantFrom(
      { cidr: '0.0.0.0/0', except: ['10.0.1.0/24'] },
      { cidr: '10.0.0.0/15' },
      { cidr: '203.0.113.0/24' },
      { cidr: 'fd00::/16', except: ['fd00::1:0/112'] },
      { cidr: '::/0' },
    ),
  }),
)

const rulePort = fc.oneof(
  fc.record({ protocol, port: fc.oneof(port, portName) }, { requiredKeys: [] }),
  fc.tuple(port, port).map(([one, other]) => ({ port: Math.min(one, other), endPort: Math.max(one, other) })),
)

const spec = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress'], [], null),
    ingress: listOf(fc.record({ from: listOf(peer), ports: listOf(rulePort) })),
    egress: listOf(fc.record({ to: listOf(peer), ports: listOf(rulePort) })),
  },
  { requiredKeys: ['podSelector'] },
)

const namespace = fc.constantFrom('shop', 'shop', 'shop', 'bank')

export function policyNamed(name: string): fc.Arbitrary<NetworkPolicy> {
  return fc.tuple(spec, namespace).map(([spec, namespace]) => policyWith(spec, namespace, name))
}

/** Policies of different names, in no order. */
export const policies: fc.Arbitrary<NetworkPolicy[]> = fc
  .subarray(['p1', 'p2', 'p3', 'p4', 'p5'], { minLength: 1 })
  .chain(names => fc.tuple(...names.map(policyNamed)))
  .chain(policies => fc.shuffledSubarray(policies, { minLength: policies.length }))

const ips = fc
  .tuple(fc.constantFrom('10.0.0.1', '10.0.1.1', '192.0.2.1'), fc.constantFrom('fd00::1', 'fd00::1:1', '2001:db8::1'))
  .chain(both => fc.subarray([...both]))

const podDetails = fc.record({
  labels,
  namespaceLabels: labels,
  ips,
  hostNetwork: fc.constantFrom(false, false, false, false, true),
  ports: fc.array(fc.record({ name: portName, containerPort: port, protocol }), { maxLength: 3 }),
})

export function podNamed(name: string): fc.Arbitrary<PodEnd> {
  return fc.tuple(podDetails, namespace).map(([details, namespace]) => pod(`${namespace}/${name}`, details))
}

function endNamed(name: string): fc.Arbitrary<End> {
  const outside = fc.constantFrom('203.0.113.7', '2001:db8::7').map(address)
  return fc.oneof({ weight: 6, arbitrary: podNamed(name) }, { weight: 1, arbitrary: outside })
}

/** A flow between two different ends; `oneFamily` leaves each of them one address at most. */
export const flow = fc.record({
  from: endNamed('client'),
  to: endNamed('server'),
  target: fc.record({ port, protocol }),
})

export const oneFamily = flow.map(({ from, to, target }) => ({
  from: firstAddress(from),
  to: firstAddress(to),
  target,
}))

function firstAddress(end: End): End {
  return end.is === 'pod' ? { ...end, ips: end.ips.slice(0, 1) } : end
}
