import { describe, expect } from 'vitest'
import type { WirePolicy } from '../../../src/policy/wire.ts'
import { type SharedPlane, test } from '../../controlplane/plane.ts'
import { decideYaml, policiesOf } from '../../decide.ts'
import { pathOf } from '../cluster.ts'
import { namespace, networkPolicy, workload } from '../objects.ts'
import { type Hands, makeHands } from './hands.ts'
import { readHistory } from './history.ts'
import { type Judgement, judge } from './judge.ts'
import { startRecorder } from './recorder.ts'
import { writeViolations } from './report.ts'

interface Scene {
  readonly space: string
  readonly users: Hands
  /** Writes as Tierwall does: POST, PUT and DELETE as its field manager. */
  readonly write: (...policies: readonly WirePolicy[]) => Promise<void>
  readonly remove: (...policies: readonly WirePolicy[]) => Promise<void>
}

async function play(plane: SharedPlane, script: (scene: Scene) => Promise<void>): Promise<Judgement> {
  const space = await plane.makeNamespace()
  const users = makeHands(plane)
  const recorder = await startRecorder(plane.access, { namespaces: [space] })
  const manager = '?fieldManager=tierwall'
  await script({
    space,
    users,
    async write(...policies) {
      for (const policy of policies) {
        const { name } = policy.metadata
        const created = await plane.request('POST', pathOf('NetworkPolicy', space) + manager, { body: policy })
        if (created.status === 201) continue
        const replaced = await plane.request('PUT', pathOf('NetworkPolicy', space, name) + manager, { body: policy })
        expect(replaced.status).toBe(200)
      }
    },
    async remove(...policies) {
      for (const { metadata } of policies) await plane.request('DELETE', pathOf('NetworkPolicy', space, metadata.name))
    },
  })
  return judge(readHistory(await recorder.stop(), users.byHand), { lag: 0 })
}

const said = { web: { tier: 'web' }, api: { tier: 'api', 'allow-to': '203.0.113.0/24:443' }, db: { tier: 'db' } }
const shop = (space: string) => Object.entries(said).map(([name, words]) => workload(space, name, words))

function wanted(space: string, workloads = shop(space)): readonly WirePolicy[] {
  const text = workloads.map(object => `---\n${JSON.stringify(object)}\n`).join('')
  return [...policiesOf(decideYaml(text)).values()]
}

async function begin({ space, users }: Scene): Promise<void> {
  for (const object of shop(space)) await users.apply(object)
}

const faultsOf = ({ violations }: Judgement) => [
  ...new Set(violations.map(({ step, does }) => `${step.verb} ${step.name} ${does}`)),
]

describe('what a script writes to a real API server is judged', () => {
  test('right where tiers come first and default-deny last, and goes first', async ({ plane }) => {
    const judgement = await play(plane, async scene => {
      await begin(scene)
      const policies = wanted(scene.space)
      await scene.write(...policies)
      await scene.users.apply(namespace(scene.space, { isolation: 'off' }))
      await scene.remove(...policies.toReversed())
    })
    expect(writeViolations(judgement.violations)).toBe('')
    expect(judgement).toMatchObject({ writes: 10, isSettled: true })
    expect(judgement.changes).toBeGreaterThan(100)
  })

  test('wrong where default-deny comes first, and where it goes last', async ({ plane }) => {
    const judgement = await play(plane, async scene => {
      await begin(scene)
      const policies = wanted(scene.space)
      await scene.write(...policies.toReversed())
      await scene.users.apply(namespace(scene.space, { isolation: 'off' }))
      await scene.remove(...policies)
    })
    expect(faultsOf(judgement)).toEqual([
      'create tierwall-default-deny cuts',
      'delete tierwall-api cuts',
      'delete tierwall-web cuts',
      'delete tierwall-allow-dns cuts',
    ])
  })

  test('wrong where something opens before anybody asked for it', async ({ plane }) => {
    const judgement = await play(plane, async scene => {
      await begin(scene)
      await scene.write(...wanted(scene.space))
      const others = { ...said, web: { ...said.web, 'allow-to': '203.0.113.0/24:443' } }
      const more = Object.entries(others).map(([name, words]) => workload(scene.space, name, words))
      await scene.write(...wanted(scene.space, more).filter(({ metadata }) => metadata.name === 'tierwall-web'))
      await scene.users.apply(more[0])
    })
    expect(faultsOf(judgement)).toEqual(['update tierwall-web opens'])
    expect(judgement.isSettled).toBe(true)
  })

  test('without blame for what users do to policies, and for what mends it', async ({ plane }) => {
    const judgement = await play(plane, async scene => {
      const { space, users } = scene
      await begin(scene)
      const policies = wanted(space)
      await scene.write(...policies)
      const at = (name: string) => ({ kind: 'NetworkPolicy', namespace: space, name })
      expect(await users.change(at('tierwall-db'), { spec: { ingress: [{}] } })).toBe(true)
      expect(await users.change(at('tierwall-web'), { spec: { egress: [] } })).toBe(true)
      expect(await users.remove(at('tierwall-default-deny'))).toBe(true)
      await users.apply(networkPolicy(space, 'theirs', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }))
      await scene.write(...policies)
    })
    expect(writeViolations(judgement.violations)).toBe('')
    expect(judgement).toMatchObject({ writes: 8, isSettled: true })
  })
})
