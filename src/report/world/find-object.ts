/** `[NAMESPACE/][KIND/]NAME` → the pods of that workload, or that pod. */
import { lookAlike, nearest } from '../../api/peers.ts'
import { type ObjectRef, writeRef } from '../../api/source.ts'
import { compareRefs, refOf } from '../../intent/snapshot.ts'
import { absent, ambiguous, type Found, found, known, writeObjectName, writeTierName } from './found.ts'
import type { World } from './index.ts'
import { type EndName, isPeerWord } from './name.ts'
import { endOfPod, endOfTemplate, findMembers, isPodOf } from './pods.ts'
import { endOf, type SubjectEnd } from './subject.ts'

type ObjectName = Extract<EndName, { is: 'object' | 'either' }>

export function findObject(text: string, name: ObjectName, world: World, namespace: string): Found {
  const { workloads, pods } = world.decision.snapshot
  const refs = [...workloads, ...pods].map(refOf).sort(compareRefs)
  const chosen = choose(
    name,
    refs.filter(ref => ref.name === name.name),
    namespace,
  )
  const [ref, ...others] = chosen
  if (!ref) return absent(text, adviseObject(name.name, refs, world, namespace))
  if (others.length > 0) return ambiguous(text, chosen.map(writeObjectName))
  return found({ text, is: 'object', tier: [], hasSiblings: ref.kind !== 'Pod' }, endsOfObject(ref, world))
}

/** A kind is taken as a kind where such an object exists; without a namespace the current one comes first. */
function choose(name: ObjectName, named: readonly ObjectRef[], current: string): readonly ObjectRef[] {
  const hereFirst = (refs: readonly ObjectRef[]) => {
    const here = refs.filter(ref => ref.namespace === current)
    return here.length > 0 ? here : refs
  }
  if (name.is === 'either') {
    const ofKind = hereFirst(named.filter(({ kind }) => kind === name.kind))
    return ofKind.length > 0 ? ofKind : named.filter(ref => ref.namespace === name.namespace)
  }
  const ofKind = named.filter(({ kind }) => name.kind === undefined || kind === name.kind)
  return name.namespace === undefined ? hereFirst(ofKind) : ofKind.filter(ref => ref.namespace === name.namespace)
}

/** What another workload made, and what has ended, is no part of the world until somebody names it. */
function endsOfObject(ref: ObjectRef, world: World): readonly SubjectEnd[] {
  const { snapshot, graph } = world.decision
  const isSame = (other: ObjectRef) => compareRefs(ref, other) === 0
  const itself = world.pods.filter(pod => isSame(pod.ref))
  if (itself.length > 0) return itself.map(endOf)
  const workload = snapshot.workloads.find(one => isSame(refOf(one)))
  const owned = new Set(workload ? snapshot.pods.filter(isPodOf(workload)).map(pod => writeRef(refOf(pod))) : [])
  const own = world.pods.filter(pod => !pod.isMadeUp && owned.has(writeRef(pod.ref)))
  if (own.length > 0) return own.map(endOf)
  const pod = snapshot.pods.find(one => isSame(refOf(one)))
  const end = workload ? endOfTemplate(workload, snapshot) : pod && endOfPod(pod, snapshot)
  if (!end) return []
  return [{ end, ref, label: writeRef(ref), members: findMembers(graph.members)(end.namespace, end.labels) }]
}

function adviseObject(name: string, refs: readonly ObjectRef[], { decision }: World, current: string): string {
  const nearFirst = [...refs].sort((a, b) => Number(b.namespace === current) - Number(a.namespace === current))
  const choices = [
    ...nearFirst.map(ref => ({ name: ref.name, text: writeObjectName(ref) })),
    ...[...decision.intent.tiers.values()].map(tier => ({ name: tier.key.tier, text: writeTierName(tier) })),
  ]
  const names = [...new Set(choices.map(choice => choice.name))]
  const meant =
    choices.find(choice => choice.name === name) ?? choices.find(choice => choice.name === nearest(name, names))
  if (meant) return `did you mean ${meant.text}?`
  if (isPeerWord(name) || lookAlike(name) === 'anywhere') return 'write anywhere, or one address'
  return known('workloads and pods', refs.map(writeObjectName))
}
