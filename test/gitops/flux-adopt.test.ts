import { beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { findBlocks } from '../docs/blocks.ts'
import { readPage } from '../docs/pages.ts'
import { eventually, type Policy } from '../operator/cluster.ts'
import { startRecorder } from '../operator/revisions/recorder.ts'
import { type Team, withFlux } from './fixture.ts'
import { renderTree } from './rendered.ts'
import { shop, shopPolicies, type Tree } from './trees.ts'

const given = withFlux()

const isOurs = ({ metadata }: Policy) => metadata.managedFields.some(({ manager }) => manager === 'tierwall')
const specsOf = (policies: readonly Policy[]) => policies.map(({ metadata, spec }) => ({ name: metadata.name, spec }))

interface Committed extends Team {
  /** Without the policies. */
  readonly tree: Tree
  /** As they stood before an operator came. */
  readonly before: readonly Policy[]
}

/** A team renders the policies, commits them beside the manifests, and Flux applies them: no operator runs. */
async function commitPolicies(): Promise<Committed> {
  const team = await given.makeTeam({ wait: false })
  const tree = shop(team.space)
  expect(await team.push({ ...tree, ...(await renderTree(tree)) }, 'isolate the shop')).toMatchObject({ ready: 'True' })
  const before = await given.installed.cluster.policies(team.space)
  expect(before.map(({ metadata }) => metadata.name)).toEqual(shopPolicies)
  return { ...team, tree, before }
}

async function adopt(space: string): Promise<readonly Policy[]> {
  const { cluster } = given.installed
  await given.restartOperator(['--adopt'])
  await eventually(async () => expect((await cluster.policies(space)).every(isOurs)).toBe(true))
  return cluster.policies(space)
}

beforeEach(() => given.stopOperator())

describe('policies that were rendered and committed before the operator came', () => {
  test('stay as they are without --adopt: Flux names the AppTier, whose Conflict says why, and nobody fights', async () => {
    const { space, configure, reconcile, before } = await commitPolicies()
    await given.restartOperator()
    const { ready, message } = await configure({ wait: true })
    expect(ready).toBe('False')
    expect(message).toContain(`AppTier/${space}/db status: 'Failed'`)
    expect(await reconcile()).toMatchObject({ ready: 'False' })
    expect(await given.installed.cluster.policies(space)).toEqual(before)
  })

  test('are taken over as they stand with --adopt, and Flux sees no drift in them', async () => {
    const { space, configure, reconcile, before } = await commitPolicies()
    const adopted = await adopt(space)
    expect(specsOf(adopted)).toEqual(specsOf(before))
    expect(await configure({ wait: true })).toMatchObject({ ready: 'True' })
    expect(await reconcile()).toMatchObject({ ready: 'True' })
    expect(await given.installed.cluster.policies(space)).toEqual(adopted)
  })
})

const kustomization = z.object({ spec: z.object({ patches: z.array(z.unknown()) }) })

/** What docs/gitops.md says to add. */
function readPatches(): readonly unknown[] {
  const blocks = findBlocks(readPage('docs/gitops.md')).map(({ text }) => kustomization.safeParse(parse(text)))
  return blocks.flatMap(({ data }) => data?.spec.patches ?? [])
}

describe('adopted policies that leave Git', () => {
  test('stay at every revision where Flux was told before not to prune them, and follow their tiers from then on', async () => {
    const { space, tree, push, configure, before } = await commitPolicies()
    await adopt(space)
    const { cluster, plane } = given.installed
    const recorder = await startRecorder(plane.access, { namespaces: [space] })
    expect(await configure({ patches: readPatches() })).toMatchObject({ ready: 'True' })
    expect(await push(tree, 'leave the policies to Tierwall')).toMatchObject({ ready: 'True' })
    expect(await configure({ patches: [] })).toMatchObject({ ready: 'True' })
    const changes = (await recorder.stop()).events.filter(({ object }) => object.kind === 'NetworkPolicy')
    expect(changes.filter(({ deleted }) => deleted)).toEqual([])
    const after = await cluster.policies(space)
    expect(specsOf(after)).toEqual(specsOf(before))
    // The annotation, once.
    expect(changes).toHaveLength(after.length)
    const { 'db.yaml': _, ...rest } = tree
    expect(await push(rest, 'close the database')).toMatchObject({ ready: 'True' })
    await eventually(async () => {
      const names = (await cluster.policies(space)).map(({ metadata }) => metadata.name)
      expect(names).toEqual(shopPolicies.filter(name => name !== 'tierwall-db.apptier'))
    })
  })

  test('are deleted by Flux where it was not told, and written anew by Tierwall', async () => {
    const { space, tree, push, before } = await commitPolicies()
    await adopt(space)
    const { cluster, plane } = given.installed
    const recorder = await startRecorder(plane.access, { namespaces: [space] })
    expect(await push(tree, 'leave the policies to Tierwall')).toMatchObject({ ready: 'True' })
    await cluster.expectSettled(space)
    const { events } = await recorder.stop()
    for (const name of shopPolicies) {
      const [gone, back] = events.filter(({ object }) => object.kind === 'NetworkPolicy' && object.name === name)
      expect([gone?.deleted, back?.deleted]).toEqual([true, false])
      expect((back?.at ?? 0) - (gone?.at ?? 0)).toBeLessThan(5_000)
    }
    expect(specsOf(await cluster.policies(space))).toEqual(specsOf(before))
  })
})
