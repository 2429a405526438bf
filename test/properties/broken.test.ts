import { describe, expect, it } from 'vitest'
import fc from '../seeded.ts'
import { type Broken, brokenWorld } from './broken.ts'
import { differenceFrom } from './compare.ts'
import { type Rendered, render, renderWorld } from './engine.ts'
import { isRelated, type Member, membersOf } from './oracle.ts'
import { writeConfiguration } from './writing.ts'

const rendered = ({ world, objects }: Broken) => render(objects, writeConfiguration(world))

describe('where one field of one tier is broken', () => {
  it('its own policies are not written, and an error names the object', () => {
    fc.assert(
      fc.property(brokenWorld, broken => {
        const { decision, problems } = rendered(broken)
        const errors = problems.filter(({ severity }) => severity === 'error')
        expect(errors.map(({ source }) => source)).toContainEqual(
          expect.objectContaining({ said: 'object', object: broken.speaker }),
        )
        const written = decision.namespaces.flatMap(({ policies }) => policies).map(policyOf)
        for (const member of broken.members) expect(written).not.toContain(nameOf(member))
      }),
      { numRuns: 300 },
    )
  })

  it('nothing is open that the sound world does not declare, and the broken tier opens nothing', () => {
    fc.assert(
      fc.property(brokenWorld, broken => {
        const isBroken = new Set(broken.members.map(nameOf))
        const difference = differenceFrom(
          broken.world,
          rendered(broken),
          member => !isBroken.has(nameOf(member)),
          'wider',
        )
        if (difference !== undefined) throw new Error(`${JSON.stringify(broken.value)}\n${difference}`)
      }),
      { numRuns: 200 },
    )
  })

  it('tiers that have nothing to do with it keep their policies to the byte', () => {
    fc.assert(
      fc.property(brokenWorld, broken => {
        const [before, after] = [byMember(renderWorld(broken.world)), byMember(rendered(broken))]
        for (const member of membersOf(broken.world)) {
          if (broken.members.some(other => isRelated(member, other)) || isInBrokenTier(broken, member)) continue
          expect([nameOf(member), after.get(nameOf(member))]).toEqual([nameOf(member), before.get(nameOf(member))])
        }
      }),
      { numRuns: 300 },
    )
  })
})

const nameOf = ({ kind, namespace, name }: Member) => `${kind} ${namespace}/${name}`
type Desired = Rendered['decision']['namespaces'][number]['policies'][number]
const policyOf = ({ member }: Desired) =>
  member ? `${member.ref.kind} ${member.ref.namespace}/${member.ref.name}` : 'shared'

const byMember = ({ decision }: Rendered) =>
  new Map(
    decision.namespaces.flatMap(({ policies }) => policies).map(one => [policyOf(one), JSON.stringify(one.policy)]),
  )

/** Workloads of one tier may share what the broken one of them says. */
const isInBrokenTier = ({ members }: Broken, member: Member) =>
  members.some(
    ({ namespace, app, tier }) => namespace === member.namespace && app === member.app && tier === member.tier,
  )
