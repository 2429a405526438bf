/** What the stages remember of objects that they saw before must never show: the operator decides the same ones again and again. */
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { type Configuration, readConfiguration } from '../../src/api/configuration.ts'
import type { KubernetesObject } from '../../src/api/kubernetes.ts'
import { type Decision, decide } from '../../src/engine.ts'
import { makePlan, type NamespaceState, type Plan } from '../../src/plan/index.ts'
import fc from '../seeded.ts'
import { readObjects } from './engine.ts'
import { world } from './world.ts'
import { writeConfiguration, writeObjects } from './writing.ts'

/** Of each turn: which objects are there, and whether it is by the world's configuration. */
const turns = fc.array(fc.tuple(fc.infiniteStream(fc.nat(3)), fc.boolean()), { minLength: 2, maxLength: 6 })

it('the same is decided and planned of objects that were seen before as of copies', () => {
  fc.assert(
    fc.property(world, turns, (world, turns) => {
      const objects = readObjects(writeObjects(world))
      const configurations = [writeConfiguration(world), {}].map(json => readConfiguration(json).configuration)
      let [live, copy] = [new Map<string, NamespaceState['live']>(), new Map<string, NamespaceState['live']>()]
      for (const [isThere, isPlain] of turns) {
        const there = objects.filter(() => isThere.next().value > 0)
        const configuration = configurations[isPlain ? 1 : 0]
        if (!configuration) throw new Error('there are two')
        const again = takeTurn(there, configuration, live)
        const fresh = takeTurn(structuredClone(there), structuredClone(configuration), copy)
        expect(writeTurn(again)).toBe(writeTurn(fresh))
        live = standing(again.decision, live)
        copy = structuredClone(live)
      }
    }),
    { numRuns: 300 },
  )
})

interface Turn {
  readonly decision: Decision
  readonly plan: Plan
}

function takeTurn(
  objects: readonly KubernetesObject[],
  configuration: Configuration,
  live: ReadonlyMap<string, NamespaceState['live']>,
): Turn {
  const decision = decide(objects, configuration)
  const desired = new Map(
    decision.namespaces.map(({ namespace, policies }) => [namespace, policies.map(({ policy }) => policy)]),
  )
  const names = [...new Set([...desired.keys(), ...live.keys()])].sort()
  const states = names.map(namespace => ({
    namespace,
    live: live.get(namespace) ?? [],
    foreign: [],
    desired: desired.get(namespace) ?? [],
  }))
  return { decision, plan: makePlan(states) }
}

const writeTurn = ({ decision, plan }: Turn) =>
  JSON.stringify([decision.namespaces.map(({ namespace, policies }) => ({ namespace, policies })), plan])

/** What stands there once the plan is done; what was there already is the object that it was. */
function standing({ namespaces }: Decision, before: ReadonlyMap<string, NamespaceState['live']>) {
  return new Map<string, NamespaceState['live']>(
    namespaces.map(({ namespace, policies }) => [
      namespace,
      policies.map(({ policy: { metadata, spec } }) => {
        const now = { ...metadata, spec: structuredClone(spec) }
        const was = before.get(namespace)?.find(({ name }) => name === metadata.name)
        return was && isDeepStrictEqual(was, now) ? was : now
      }),
    ]),
  )
}
