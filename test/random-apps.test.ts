/** The random applications of test/packets, without packets: they are sound, and evaluator and oracle agree on them. */

import { expect, it } from 'vitest'
import { outsideAddresses, partiesAlwaysThere } from './packets/case/always.ts'
import { hostAt } from './packets/case/stand-in.ts'
import { answersFor, compareAnswers } from './packets/flows/compare.ts'
import { declaredBy } from './packets/flows/declared.ts'
import { makeScene } from './packets/flows/scene.ts'
import { buildWorld } from './packets/random/build.ts'
import { readOthers } from './packets/random/others.ts'
import { flowsOf, partiesOf } from './packets/random/parties.ts'
import { type AppPick, appPick } from './packets/random/picks.ts'
import { namespacesOf, randomProbes, slots } from './packets/random/slots.ts'
import { readPolicies, renderWorld } from './properties/engine.ts'
import fc from './seeded.ts'

const addressOf = (namespace: string, slot: string) =>
  `10.244.1.${10 * (1 + namespacesOf(0).indexOf(namespace)) + slots.findIndex(({ name }) => name === slot)}`

const always = partiesAlwaysThere({
  stranger: hostAt('10.244.0.2'),
  dns: hostAt('10.244.0.3'),
  answers: () => Promise.reject(new Error('nobody is asked')),
  outside: outsideAddresses.map(address => ({ address, host: hostAt(address) })),
})

it('for random applications over three namespaces, what is written opens what is declared', () => {
  let [open, closed] = [0, 0]
  fc.assert(
    fc.property(appPick, pick => {
      const { differences, sum } = compare(pick)
      open += sum.allowed
      closed += sum.denied
      if (differences.length > 0) throw new Error(differences.slice(0, 3).join('\n'))
    }),
    { numRuns: 60 },
  )
  expect(Math.min(open, closed)).toBeGreaterThan(10_000)
})

function compare(pick: AppPick) {
  const world = buildWorld(pick, 0, addressOf)
  const { policies, problems } = renderWorld(world)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(`a sound application has errors: ${JSON.stringify(errors)}`)
  const others = readOthers(pick, 0)
  const labels = new Map(world.namespaces.map(namespace => [namespace.name, namespace.labels]))
  const answers = answersFor(
    makeScene(
      [...readPolicies(policies), ...others],
      name => labels.get(name) ?? {},
      slots.flatMap(({ ports }) => ports),
    ),
  )
  const flows = flowsOf(
    partiesOf(world, ({ ips: [address = ''] }) => hostAt(address)),
    always,
  )
  const reached = new Map(flows.map(flow => [flow, answers.expected(flow)]))
  return compareAnswers(flows, reached, answers, declaredBy(world, randomProbes, others))
}
