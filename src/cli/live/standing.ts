/** A cluster's policies as worlds to ask about: as they stand, and as they will once the operator has written. */
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import { writeRef } from '../../api/source.ts'
import { desiredPolicies } from '../../engine.ts'
import { indexPolicies } from '../../evaluate/index.ts'
import { refOf } from '../../intent/snapshot.ts'
import { sameSpec } from '../../plan/index.ts'
import { buildWorld, type World } from '../../report/world/index.ts'
import { type PolicyReasons, readBack } from '../../report/world/policies.ts'
import { chooseStrangers } from '../../report/world/strangers.ts'
import { asNetworkPolicy, type Look } from './look.ts'

/** Policies of ours that are not as desired still count, but nobody can say who asked for their rules. */
export function worldAsItStands({ decision, policies: seen }: Look): World {
  const wanted = new Map(
    desiredPolicies(decision).map(one => [`${one.policy.metadata.namespace}/${one.policy.metadata.name}`, one]),
  )
  const policies = seen.map(policy => ({ ...policy, as: asNetworkPolicy(policy) }))
  const desired = policies
    .filter(({ ours }) => ours)
    .map(({ namespace, name, spec, as }): [NetworkPolicy, PolicyReasons] => {
      const one = wanted.get(`${namespace}/${name}`)
      return [as, one && sameSpec(spec, one.policy.spec) ? one : { ingress: [], egress: [] }]
    })
  return buildWorld(decision, { policies: policies.map(({ as }) => as), desired: new Map(desired) })
}

/** Policies that stay are those of the world before, the very same: by that it shows whom nothing changes for. */
export function worldToCome({ decision, policies: seen, outlook }: Look, before: World): World {
  const targets = new Map(outlook.targets.map(target => [target.namespace, target]))
  const staying = seen.filter(({ ours, namespace, name }) => {
    const target = targets.get(namespace)
    return !ours || target === undefined || target.untouched || target.kept.includes(name)
  })
  const written = outlook.targets.flatMap(target => (target.untouched ? [] : target.desired))
  const former = new Map(before.policies.map(policy => [writeRef(refOf(policy)), policy]))
  const policies = [...staying.map(asNetworkPolicy), ...written.map(readBack)].map(policy => {
    const same = former.get(writeRef(refOf(policy)))
    return same && sameSpec(same.spec, policy.spec) ? same : policy
  })
  const world = decision === before.decision ? before : buildWorld(decision, { policies: [], desired: new Map() })
  return {
    ...world,
    policies,
    index: indexPolicies(policies),
    strangers: chooseStrangers(policies),
    desired: new Map(),
  }
}
