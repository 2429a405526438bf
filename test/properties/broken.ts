/** A sound world in which one field of one speaker is broken. */
import fc from '../seeded.ts'
import type { Member } from './oracle.ts'
import { membersOf } from './oracle.ts'
import type { World } from './shapes.ts'
import { world } from './world.ts'
import { type Json, writeObjects } from './writing.ts'

const fields = ['ports', 'from', 'to'] as const
type Field = (typeof fields)[number]

const portsBroken = [
  '0',
  '80-79',
  '65536',
  'http--x',
  '80/tcp',
  '80/TCP/UDP',
  '',
  '08',
  'UPPER',
  '1.5',
  '80:81',
  '-',
  '80-',
]
const peersBroken = [
  ...[
    'Web',
    'web:0',
    'web:80-79',
    'web.',
    '.shop',
    '@',
    '@UP',
    '*',
    '-',
    '*/web',
    'web/',
    'web:',
    'a.b.c',
    'web:80/tcp',
    '',
  ],
  ...[
    '10.0.0.1/8',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/8!11.0.0.0/8',
    '0.0.0.0/0!0.0.0.0/0',
    '[10.0.0.0/8',
    '010.0.0.0/8',
  ],
  ...[
    '2001:db8::/32:443',
    '::ffff:10.0.0.0/104',
    'http://shop',
    'web api',
    'web;api',
    'anywhere:',
    'kube-apiserver:0',
    'ẃeb',
  ],
]
const portObjects = [
  { port: 0 },
  { port: 'UP' },
  { port: 80, endPort: 79 },
  { port: 'http', endPort: 80 },
  '80',
  80,
  {},
  { port: 80, protocol: 'tcp' },
]
const peerObjects: readonly unknown[] = [
  ...[{}, 'web', 5, { tier: 'Web' }, { tier: 'web', cidr: '10.0.0.0/8' }, { anywhere: false }, { xyz: true }],
  ...[{ podSelector: {} }, { namespaceSelector: {} }, { podSelector: {}, namespaceSelector: {} }],
  ...[{ podSelector: { matchLabels: { role: 1 } } }, { podSelector: { matchLabels: { 'a b': 'c' } } }],
  ...[
    { cidr: '10.0.0.1/8' },
    { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] },
    { cidr: '0.0.0.0/0', except: ['0.0.0.0/0'] },
  ],
  ...[
    { tier: 'web', ports: [] },
    { tier: 'web', ports: [{ port: 0 }] },
    { anywhere: true, podSelector: { matchLabels: { a: 'b' } } },
  ],
]

const breaking = fc.record({
  speaker: fc.nat(30),
  field: fc.constantFrom(...fields),
  how: fc.nat(60),
  replaces: fc.boolean(),
})

export interface Broken {
  readonly world: World
  readonly objects: readonly Json[]
  readonly speaker: { readonly kind: string; readonly namespace: string; readonly name: string }
  readonly members: readonly Member[]
  readonly value: unknown
}

export const brokenWorld: fc.Arbitrary<Broken> = fc
  .tuple(world, breaking)
  .map(([world, how]) => breakWorld(world, how))
  .filter(broken => broken !== undefined)

function breakWorld(
  world: World,
  { speaker: place, field, how, replaces }: { speaker: number; field: Field; how: number; replaces: boolean },
): Broken | undefined {
  const speakers = [
    ...world.workloads.filter(({ tier, covered }) => tier !== undefined && !covered),
    ...world.appTiers.map(appTier => ({ ...appTier, kind: 'AppTier' as const })),
  ]
  const speaker = speakers[place % Math.max(1, speakers.length)]
  if (speaker === undefined) return undefined
  const { kind, namespace, name } = speaker
  let value: unknown
  const objects = writeObjects(world).map(json => {
    const metadata = json.metadata as { namespace?: string; name: string; annotations?: Record<string, string> }
    if (json.kind !== kind || metadata.namespace !== namespace || metadata.name !== name) return json
    if (kind === 'AppTier') {
      const spec = json.spec as Record<string, unknown>
      const wrong = pick<unknown>(field === 'ports' ? portObjects : peerObjects, how)
      value = replaces ? wrong : [...((spec[field] ?? []) as unknown[]), wrong]
      return { ...json, spec: { ...spec, [field]: value } }
    }
    const key = `tierwall.dev/${field === 'ports' ? 'ports' : `allow-${field}`}`
    const before = metadata.annotations?.[key]
    const wrong = pick(field === 'ports' ? portsBroken : peersBroken, how)
    value = before === undefined || replaces ? wrong : `${before}, ${wrong}`
    return { ...json, metadata: { ...metadata, annotations: { ...metadata.annotations, [key]: value } } }
  })
  // A broken AppTier breaks its whole tier, also for workloads that override the field.
  const appTier = world.appTiers.find(one => kind === 'AppTier' && one.namespace === namespace && one.name === name)
  const members = membersOf(world).filter(member => {
    if (member.namespace !== namespace) return false
    if (appTier) return member.app === appTier.app && member.tier === appTier.tier
    return member.kind === kind && member.name === name
  })
  return { world, objects, speaker: { kind, namespace, name }, members, value }
}

const pick = <T>(list: readonly T[], place: number): T => list[place % list.length] as T
