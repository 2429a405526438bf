/** The ends between which flows are compared: one for all pods that are made alike, strangers, and ranges that rules name. */
import type { NetworkPolicy, Pod } from '../../api/kubernetes.ts'
import { compareText } from '../../api/order.ts'
import { type ObjectRef, writeRef } from '../../api/source.ts'
import type { End, PodEnd } from '../../evaluate/index.ts'
import { refOf } from '../../intent/snapshot.ts'
import type { World, WorldPod } from '../world/index.ts'
import { isPodOf } from '../world/pods.ts'
import { chooseStrangers } from '../world/strangers.ts'
import { rangesNamed } from './ranges.ts'

export interface Party {
  /** `shop/web`, `shop/pod/debug`, `10.0.0.0/8` */
  readonly name: string
  readonly is: 'pods' | 'stranger' | 'address' | 'range'
  /** Of pods alone. */
  readonly namespace: string
  /** As it is now; nothing where it is still to come. */
  readonly before: End | undefined
  readonly after: End
}

export function gatherParties(before: World, after: World, changed: readonly NetworkPolicy[]): readonly Party[] {
  return [...podParties(before, after), ...outsideParties(before, after, changed)]
}

function outsideParties(before: World, after: World, changed: readonly NetworkPolicy[]): Party[] {
  const ranges = rangesNamed(changed)
  const strangers = chooseStrangers([...before.policies, ...after.policies]).map(({ end }): Party => {
    if (end.is === 'pod') return unmoved('any other pod', 'stranger', end)
    return unmoved(`outside (${end.ip.includes(':') ? 'IPv6' : 'IPv4'})`, 'address', end)
  })
  return [...strangers, ...ranges.map(({ name, ip }) => unmoved(name, 'range', { is: 'address', ip }))]
}

function unmoved(name: string, is: Party['is'], end: End): Party {
  return { name, is, namespace: '', before: end, after: end }
}

interface Crew {
  readonly owner: ObjectRef
  /** One pod for all that policies cannot tell apart. */
  readonly ends: ReadonlyMap<string, PodEnd>
}

function podParties(before: World, after: World): Party[] {
  const now = gatherCrews(before)
  const then = after.pods === before.pods ? now : gatherCrews(after)
  const names = nameOwners([...then.values()].map(({ owner }) => owner))
  return [...then].flatMap(([key, { owner, ends }]) => {
    const former = now.get(key)?.ends
    return [...ends].map(([likeness, end]): Party => {
      const [first] = former?.values() ?? []
      return {
        name: names.get(owner) ?? '',
        is: 'pods',
        namespace: owner.namespace,
        before: former?.get(likeness) ?? first,
        after: end,
      }
    })
  })
}

function gatherCrews({ pods, decision }: World): ReadonlyMap<string, Crew> {
  const ownerOf = findOwners(decision.snapshot)
  const crews = new Map<string, { owner: ObjectRef; ends: Map<string, PodEnd> }>()
  for (const pod of pods) {
    const owner = pod.isMadeUp ? pod.ref : ownerOf(pod)
    const crew = crews.get(writeRef(owner)) ?? { owner, ends: new Map() }
    crews.set(writeRef(owner), crew)
    const likeness = writeLikeness(pod.end)
    if (!crew.ends.has(likeness)) crew.ends.set(likeness, pod.end)
  }
  return new Map([...crews].sort(([a], [b]) => compareText(a, b)))
}

/** Labels that controllers add to tell pods of one template apart. */
const ofOnePod: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
])

function writeLikeness({ labels, hostNetwork, ports }: PodEnd): string {
  const telling = Object.entries(labels)
    .filter(([key]) => !ofOnePod.has(key))
    .sort(([a], [b]) => compareText(a, b))
  return JSON.stringify([telling, hostNetwork, ports])
}

function findOwners({ workloads, pods }: World['decision']['snapshot']): (pod: WorldPod) => ObjectRef {
  const own = workloads.filter(({ metadata }) => metadata.ownerReferences.length === 0)
  const tests = Map.groupBy(
    own.map(workload => ({ ref: refOf(workload), isOwn: isPodOf(workload) })),
    ({ ref }) => ref.namespace,
  )
  const owners = new Map(pods.map(pod => [writeRef(refOf(pod)), ownerIn(tests.get(refOf(pod).namespace) ?? [], pod)]))
  return ({ ref }) => owners.get(writeRef(ref)) ?? ref
}

function ownerIn(tests: readonly { ref: ObjectRef; isOwn: ReturnType<typeof isPodOf> }[], pod: Pod): ObjectRef {
  const ref = refOf(pod)
  const [owner] = pod.metadata.ownerReferences
  const workload = tests.find(({ isOwn }) => isOwn(pod))?.ref
  return workload ?? (owner ? { kind: owner.kind, namespace: ref.namespace, name: owner.name } : ref)
}

/** The kind is said where the name alone could mean two, and of what is no workload. */
function nameOwners(owners: readonly ObjectRef[]): ReadonlyMap<ObjectRef, string> {
  const short = ({ namespace, name }: ObjectRef) => `${namespace}/${name}`
  const uses = Map.groupBy(owners, short)
  return new Map(
    owners.map(owner => {
      const isClear = uses.get(short(owner))?.length === 1 && owner.kind !== 'Pod'
      return [owner, isClear ? short(owner) : `${owner.namespace}/${owner.kind.toLowerCase()}/${owner.name}`]
    }),
  )
}
