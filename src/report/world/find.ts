/** Names of ends → the pods and addresses that they stand for in a world, or why nobody can tell. */
import { lookAlike, nearest } from '../../api/peers.ts'
import { isNonEmpty } from '../../api/ports.ts'
import { type ObjectRef, writeRef } from '../../api/source.ts'
import { compareRefs, refOf } from '../../intent/snapshot.ts'
import type { Tier } from '../../intent/tier.ts'
import type { World } from './index.ts'
import { type EndName, isPeerWord, readEndName, type Trouble } from './name.ts'
import { endOfPod, endOfTemplate, findMembers, isPodOf } from './pods.ts'
import { endOf, type Subject, type SubjectEnd } from './subject.ts'

export type Found = { readonly subject: Subject } | { readonly trouble: Trouble }

export function findSubject(text: string, world: World, namespace: string): Found {
  const read = readEndName(text)
  if ('trouble' in read) return read
  const name = read.value
  switch (name.is) {
    case 'anywhere':
      return found({ text, is: 'anywhere', tier: [], hasSiblings: false }, strangersOf(world))
    case 'address':
      return found({ text, is: 'address', tier: [], hasSiblings: false }, endsAt(name.ip, world))
    case 'tier':
      return findTier(text, name, world, namespace)
    case 'object':
    case 'either':
      return findObject(text, name, world, namespace)
  }
}

function found(named: Omit<Subject, 'ends'>, ends: readonly SubjectEnd[]): Found {
  if (isNonEmpty(ends)) return { subject: { ...named, ends } }
  return { trouble: { message: `${named.text} has no pods`, fix: 'add its workloads to the input' } }
}

const strangersOf = ({ strangers }: World) => strangers.map(stranger => ({ ...stranger, members: [] }))

/** A pod's own address means the pod; on its node's network it is just an address. */
function endsAt(ip: string, world: World): readonly SubjectEnd[] {
  const pods = world.pods.filter(({ end }) => !end.hostNetwork && end.ips.includes(ip))
  if (pods.length > 0) return pods.map(endOf)
  return [{ end: { is: 'address', ip }, label: ip, members: [] }]
}

function findTier(text: string, name: Extract<EndName, { is: 'tier' }>, world: World, namespace: string): Found {
  const tiers = [...world.decision.intent.tiers.values()]
  const named = tiers.filter(
    ({ key }) => key.tier === name.tier && (name.app === undefined || key.app === name.app),
  )
  const inside = (where: string) => named.filter(({ key }) => key.namespace === where)
  const here = name.namespace !== undefined ? inside(name.namespace) : inside(namespace)
  const candidates = here.length === 0 && name.namespace === undefined ? named : here
  const chosen = candidates.length > 1 ? candidates.filter(({ key }) => key.app === '') : candidates
  const [tier, ...others] = chosen.length === 0 ? candidates : chosen
  if (!tier) return { trouble: noTier(text, name, tiers) }
  if (others.length > 0) return { trouble: ambiguous(text, [tier, ...others].map(writeTierName)) }
  const inTier = world.pods.filter(({ members }) => members.some(member => tier.members.includes(member)))
  return found({ text, is: 'tier', tier: tier.members, hasSiblings: true }, inTier.map(endOf))
}

export function writeTierName({ key }: Pick<Tier, 'key'>): string {
  return `${key.namespace}/tier:${key.app === '' ? '-' : key.app}/${key.tier}`
}

function noTier(text: string, { tier }: Extract<EndName, { is: 'tier' }>, tiers: readonly Tier[]): Trouble {
  const names = tiers.map(writeTierName)
  const near = tiers.find(({ key }) => key.tier === tier || key.tier === nearest(tier, [key.tier]))
  const fix = near ? `did you mean ${writeTierName(near)}?` : known('tiers', names)
  return { message: `there is no ${text} in the input`, fix }
}

const known = (what: string, names: readonly string[]) =>
  names.length === 0
    ? `the input has no ${what}`
    : `the ${what} are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`

function ambiguous(text: string, choices: readonly string[]): Trouble {
  return { message: `${text} may be ${choices.join(' or ')}`, fix: 'write the one that is meant' }
}

const writeObjectName = ({ namespace, kind, name }: ObjectRef) => `${namespace}/${kind.toLowerCase()}/${name}`

function findObject(
  text: string,
  name: Extract<EndName, { is: 'object' | 'either' }>,
  world: World,
  namespace: string,
): Found {
  const { workloads, pods } = world.decision.snapshot
  const refs = [...workloads, ...pods].map(refOf).sort(compareRefs)
  const named = refs.filter(ref => ref.name === name.name)
  const chosen = choose(name, named, namespace)
  const [ref, ...others] = chosen
  if (!ref) return { trouble: noObject(text, name, refs, world) }
  if (others.length > 0) return { trouble: ambiguous(text, chosen.map(writeObjectName)) }
  return found({ text, is: 'object', tier: [], hasSiblings: ref.kind !== 'Pod' }, endsOfObject(ref, world))
}

/** A kind is taken as a kind where such an object exists; without a namespace the current one comes first. */
function choose(
  name: Extract<EndName, { is: 'object' | 'either' }>,
  named: readonly ObjectRef[],
  current: string,
): readonly ObjectRef[] {
  const anywhere = (refs: readonly ObjectRef[]) => {
    const here = refs.filter(ref => ref.namespace === current)
    return here.length > 0 ? here : refs
  }
  if (name.is === 'either') {
    const ofKind = anywhere(named.filter(({ kind }) => kind === name.kind))
    return ofKind.length > 0 ? ofKind : named.filter(ref => ref.namespace === name.namespace)
  }
  const ofKind = named.filter(({ kind }) => name.kind === undefined || kind === name.kind)
  return name.namespace === undefined ? anywhere(ofKind) : ofKind.filter(ref => ref.namespace === name.namespace)
}

function endsOfObject(ref: ObjectRef, world: World): readonly SubjectEnd[] {
  const { snapshot, graph } = world.decision
  const same = (other: ObjectRef) => compareRefs(ref, other) === 0
  const itself = world.pods.filter(pod => same(pod.ref))
  if (itself.length > 0) return itself.map(endOf)
  const pod = snapshot.pods.find(one => same(refOf(one)))
  const workload = snapshot.workloads.find(one => same(refOf(one)))
  const owned = workload ? new Set(snapshot.pods.filter(isPodOf(workload)).map(one => writeRef(refOf(one)))) : new Set()
  const own = world.pods.filter(one => !one.isMadeUp && owned.has(writeRef(one.ref)))
  if (own.length > 0) return own.map(endOf)
  const end = workload ? endOfTemplate(workload, snapshot) : pod && endOfPod(pod, snapshot)
  if (!end) return []
  return [{ end, ref, label: writeRef(ref), members: findMembers(graph.members)(end.namespace, end.labels) }]
}

function noObject(text: string, { name }: { readonly name: string }, refs: readonly ObjectRef[], world: World): Trouble {
  const message = `there is no ${text} in the input`
  const tier = [...world.decision.intent.tiers.values()].find(({ key }) => key.tier === name)
  const elsewhere = refs.find(ref => ref.name === name)
  if (elsewhere) return { message, fix: `did you mean ${writeObjectName(elsewhere)}?` }
  if (tier) return { message, fix: `did you mean ${writeTierName(tier)}?` }
  const near = nearest(name, [...new Set(refs.map(ref => ref.name))])
  const nearRef = refs.find(ref => ref.name === near)
  if (nearRef) return { message, fix: `did you mean ${writeObjectName(nearRef)}?` }
  if (isPeerWord(name) || lookAlike(name) === 'anywhere') return { message, fix: 'write anywhere, or one address' }
  return { message, fix: known('workloads and pods', refs.map(writeObjectName)) }
}
