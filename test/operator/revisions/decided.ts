/** Input objects → the policies that they ask for, the objects whose words are broken, and the pods there may be. */
import { createHash } from 'node:crypto'
import type { KubernetesObject, NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { type Decision, decide, desiredPolicies } from '../../../src/engine.ts'
import type { PodEnd } from '../../../src/evaluate/index.ts'
import { findMembers, gatherPods } from '../../../src/report/world/pods.ts'
import type { Configured } from './configured.ts'
import { type Inputs, nameOf, type Policies } from './history.ts'
import { readPolicy } from './inputs.ts'

export interface Decided {
  readonly desired: Policies
  /** Which objects each policy was made from, by `KIND NAMESPACE/NAME`. */
  readonly sources: Sources
  /** Objects that have errors, by `KIND NAMESPACE/NAME`. */
  readonly broken: ReadonlySet<string>
  /** These, and the others that had a part in a tier that is broken for it. */
  readonly involved: ReadonlySet<string>
  readonly pods: readonly PodEnd[]
  readonly isEnforced: (namespace: string) => boolean
  /** Nobody can read how it is isolated. */
  readonly isUnclear: (namespace: string) => boolean
}

/** By the policy's `NAMESPACE/NAME`; what is made for a whole namespace has none. */
export type Sources = ReadonlyMap<string, readonly string[]>

export interface Decide {
  readonly these: (objects: readonly KubernetesObject[], configured: Configured) => Decided
  /** A state of the inputs just as it is. */
  readonly asIs: (inputs: Inputs) => Decided
}

/** The same objects come again and again. */
export function rememberDecisions(): Decide {
  const remembered = new Map<string, Decided>()
  const states = new WeakMap<Inputs, Decided>()
  const these = (objects: readonly KubernetesObject[], { configuration, text }: Configured) => {
    const key = createHash('sha256')
      .update(JSON.stringify([text, objects]))
      .digest('hex')
    const decided = remembered.get(key) ?? readDecision(decide(objects, configuration))
    remembered.set(key, decided)
    return decided
  }
  const asIs = (inputs: Inputs) => {
    const { objects, configured } = inputs
    const decided =
      states.get(inputs) ??
      these(
        [...objects.values()].map(({ entry }) => entry),
        configured,
      )
    states.set(inputs, decided)
    return decided
  }
  return { these, asIs }
}

function readDecision(decision: Decision): Decided {
  const { isolationOf } = decision.intent
  const desired = desiredPolicies(decision).map(({ policy }): [string, NetworkPolicy] => [
    nameOf(policy.metadata),
    readPolicy(policy),
  ])
  const sources = desiredPolicies(decision).map(({ policy, member }): [string, string[]] => [
    nameOf(policy.metadata),
    (member?.said ?? []).map(({ kind, name }) => `${kind} ${nameOf({ ...policy.metadata, name })}`),
  ])
  return {
    desired: new Map(desired),
    sources: new Map(sources),
    broken: new Set(findBroken(decision)),
    involved: new Set([...findBroken(decision), ...findInvolved(decision)]),
    pods: gatherPods(decision, findMembers(decision.graph.members)).map(({ end }) => end),
    isEnforced: namespace => isolationOf(namespace).isolation === 'enforce',
    isUnclear: namespace => isolationOf(namespace).isolation === 'broken',
  }
}

function findBroken({ problems }: Decision): readonly string[] {
  return problems.flatMap(({ severity, source, code }) =>
    // Who gave up the tier and forgot the rest wants no tier any more.
    severity === 'error' && source.said === 'object' && code !== 'annotation-without-tier'
      ? [`${source.object.kind} ${nameOf(source.object)}`]
      : [],
  )
}

function findInvolved({ graph }: Decision): readonly string[] {
  return graph.members
    .filter(({ sound }) => !sound)
    .flatMap(({ said, key }) => said.map(({ kind, name }) => `${kind} ${key.namespace}/${name}`))
}
