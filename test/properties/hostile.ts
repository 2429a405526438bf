/** Input that nobody should write: near-valid texts, specs of any shape, hostile names, huge lists. */
import fc from '../seeded.ts'
import { entryPick, readEntry } from './peers.ts'
import { portPick } from './world.ts'
import { type Json, writeEntry, writePort } from './writing.ts'

const at = { namespace: 'shop', app: '' }
const list = (entries: fc.Arbitrary<string[]>) =>
  fc.array(entries, { minLength: 1, maxLength: 4 }).map(all => all.flat().join(', '))
const entryText = entryPick(portPick).map(pick => writeEntry(readEntry(pick, at, 'annotation', 'from')))
const portText = portPick.map(port => [writePort(port)])

const morsel = fc.oneof(
  fc.constantFrom(
    ...',:/!.-*@[] \t\n%_'.split(''),
    'none',
    '::',
    '..',
    '//',
    '0',
    '65536',
    '-1',
    '\u0000',
    '٣',
    'é',
    '😀',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)

/** A text with characters put in, taken out and doubled. */
const mutated = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      text,
      fc.array(fc.tuple(fc.constantFrom('insert', 'delete', 'double'), fc.nat(200), morsel), { maxLength: 4 }),
    )
    .map(([text, changes]) =>
      changes.reduce((now, [change, place, piece]) => {
        const cut = place % (now.length + 1)
        const [head, tail] = [now.slice(0, cut), now.slice(cut)]
        if (change === 'insert') return head + piece + tail
        return change === 'delete' ? head + tail.slice(1) : head + tail.slice(0, 1) + tail
      }, text),
    )

const huge = fc.constantFrom(
  Array.from({ length: 300 }, (_, place) => `t${place}`).join(','),
  Array.from({ length: 100 }, (_, place) => `${place + 1}`).join(','),
  `10.0.0.0/8${Array.from({ length: 80 }, (_, place) => `!10.${place}.0.0/16`).join('')}`,
  'a'.repeat(10_000),
  `${'web,'.repeat(2500)}web`,
  '['.repeat(5000),
  `2001:${':'.repeat(4000)}/32`,
)

const prototype = fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype')
export const hostileLabelValue = fc.oneof(prototype, fc.constantFrom('a'.repeat(63), '0', '1.2', 'A_b-C.d', 'x--y'))
export const hostileName = fc.oneof(
  fc.constantFrom(
    'constructor',
    'prototype',
    '0',
    '1web',
    'a.b',
    'a-b',
    'a--b',
    'a.b.c-d',
    'default-deny',
    'allow-dns',
  ),
  fc.constantFrom('a'.repeat(63), 'a'.repeat(253), `${'a.'.repeat(126)}a`, `${'a-'.repeat(31)}b`),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,4}[a-z0-9])?$/).filter(name => !/\.[-.]|-\./.test(name)),
)

const annotationValue = (near: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 6, arbitrary: mutated(near) },
    { weight: 1, arbitrary: huge },
    { weight: 1, arbitrary: fc.string() },
    prototype,
  )
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const tierText = fc.constantFrom('web', 'api', 'db', 'worker')

const labelsOf = fc.dictionary(
  fc.oneof(prototype, fc.constantFrom('app', 'role', 'x/constructor', `${'a'.repeat(253)}/${'b'.repeat(63)}`)),
  fc.oneof(hostileLabelValue, fc.constant('web')),
  { maxKeys: 3 },
)

export const hostileWorkload: fc.Arbitrary<Json> = fc
  .record({
    kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet'),
    name: hostileName,
    namespace: fc.constantFrom('shop', 'data', '0', 'constructor', 'a'.repeat(63), 'kube-system', 'tierwall-system'),
    labels: labelsOf,
    partOf: perhaps(hostileLabelValue),
    selector: fc.oneof({ weight: 5, arbitrary: labelsOf.map(matchLabels => ({ matchLabels })) }, fc.jsonValue()),
    tier: fc.oneof({ weight: 3, arbitrary: tierText }, mutated(tierText), prototype, hostileName),
    app: perhaps(fc.oneof(hostileLabelValue, mutated(fc.constant('shop')))),
    ports: perhaps(annotationValue(list(portText))),
    from: perhaps(annotationValue(list(entryText))),
    to: perhaps(annotationValue(list(entryText))),
    containers: fc.oneof(fc.constant([]), fc.constant([{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }])),
  })
  .map(({ kind, name, namespace, labels, partOf, selector, tier, app, ports, from, to, containers }) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      name,
      namespace,
      labels: partOf === undefined ? labels : { ...labels, 'app.kubernetes.io/part-of': partOf },
      annotations: Object.fromEntries(
        Object.entries({ tier, app, ports, 'allow-from': from, 'allow-to': to })
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [`tierwall.dev/${key}`, value]),
      ),
    },
    spec: { selector, template: { metadata: { labels }, spec: { containers } } },
  }))

const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, {}, [], '', 0, -1, 1.5, 65536, true, { matchLabels: {} }))
const soundPeer = fc.oneof(
  fc.record({ tier: fc.constantFrom('web', 'api', '*') }),
  fc.record({
    cidr: fc.constantFrom('10.0.0.0/8', '10.0.0.1/8'),
    except: fc.constantFrom([], ['10.1.0.0/16'], ['11.0.0.0/8']),
  }),
  fc.record({
    namespaceSelector: fc.constantFrom({}, { matchLabels: { a: 'b' } }),
    podSelector: fc.constantFrom({}, { matchLabels: { a: 'b' } }),
  }),
  fc.constantFrom('anywhere', 'cluster', 'sameNamespace', 'internet', 'kubeApiserver').map(kind => ({ [kind]: true })),
  fc.constant({ named: 'monitoring' }),
)
const oddPeer = fc.oneof(
  { weight: 3, arbitrary: soundPeer },
  fc.tuple(soundPeer, soundPeer).map(([some, others]) => ({ ...some, ...others })),
  fc
    .tuple(soundPeer, fc.constantFrom('ports', 'podSelector', 'tier', 'cidr', 'except', 'xyz', 'anywhere'), odd)
    .map(([peer, key, value]) => ({ ...peer, [key]: value })),
  odd,
)
const oddPort = fc.oneof(
  { weight: 2, arbitrary: fc.record({ port: fc.constantFrom<unknown>(80, 'http', 443) }) },
  fc.record({ port: odd, endPort: odd, protocol: odd }, { requiredKeys: [] }),
  odd,
)
const many = <T>(one: fc.Arbitrary<T>) =>
  fc
    .oneof(fc.array(one, { maxLength: 3 }), fc.constant(300), fc.constant(100))
    .chain(all =>
      Array.isArray(all)
        ? fc.constant<T[]>(all)
        : fc.array(one, { minLength: 1, maxLength: 1 }).map(([item]) => Array<T>(all).fill(item as T)),
    )

const oddSpec = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        app: fc.oneof(hostileLabelValue, odd),
        tier: fc.oneof(tierText, prototype, odd),
        selector: fc.oneof(
          labelsOf.map(matchLabels => ({ matchLabels })),
          odd,
        ),
        ports: fc.oneof({ weight: 4, arbitrary: many(oddPort) }, odd),
        from: fc.oneof({ weight: 4, arbitrary: many(oddPeer) }, odd),
        to: fc.oneof({ weight: 4, arbitrary: many(oddPeer) }, odd),
        xyz: odd,
      },
      { requiredKeys: [] },
    ),
  },
)

export const hostileAppTier: fc.Arbitrary<Json> = fc
  .record({
    name: fc.oneof(tierText, hostileName),
    namespace: fc.constantFrom('shop', 'data', 'kube-system'),
    spec: oddSpec,
    labels: labelsOf,
  })
  .map(({ name, namespace, spec, labels }) => ({
    apiVersion: 'tierwall.dev/v1alpha1',
    kind: 'AppTier',
    metadata: { name, namespace, labels },
    spec,
  }))

export const hostileObjects: fc.Arbitrary<Json[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: hostileWorkload },
    { weight: 4, arbitrary: hostileAppTier },
    {
      weight: 1,
      arbitrary: fc
        .record({
          name: fc.constantFrom('shop', 'data', 'constructor', '0'),
          isolation: perhaps(mutated(fc.constantFrom('enforce', 'audit'))),
        })
        .map(({ name, isolation }) => ({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name, annotations: isolation === undefined ? {} : { 'tierwall.dev/isolation': isolation } },
        })),
    },
  ),
  { minLength: 1, maxLength: 5 },
)

/** Configurations of any shape, and one whose named peers and baseline are sound. */
export const hostileConfiguration: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant({}),
  fc.constant({
    peers: { monitoring: ['10.0.0.0/8', '*.data'] },
    baseline: { from: ['@monitoring:9090'], to: ['kube-apiserver'] },
  }),
  fc.record({
    peers: fc.dictionary(fc.oneof(prototype, fc.constant('x')), odd),
    baseline: fc.record({ from: many(oddPeer), to: many(oddPeer) }),
  }),
  fc.jsonValue(),
)
