import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { readList } from '../controlplane/read.ts'
import { eventually, type Policy } from '../operator/cluster.ts'
import { appTier } from '../operator/objects.ts'
import { home } from './controller.ts'
import { type Team, withFlux } from './fixture.ts'
import { deployment, shop, shopPolicies } from './trees.ts'

const given = withFlux()

const nameOf = ({ metadata }: Policy) => metadata.name
const namesIn = async (space: string) => (await given.installed.cluster.policies(space)).map(nameOf)

/** A team whose shop is open, and the policies as they stand. */
async function openShop(spec?: object): Promise<Team & { readonly policies: readonly Policy[] }> {
  const team = await given.makeTeam(spec)
  expect(await team.push(shop(team.space), 'open the shop')).toMatchObject({ ready: 'True' })
  await given.installed.cluster.expectSettled(team.space)
  const policies = await given.installed.cluster.policies(team.space)
  return { ...team, policies }
}

describe('a Kustomization that waits', () => {
  test('is Ready once Tierwall has enforced all that it applied', async () => {
    const { policies } = await openShop()
    expect(policies.map(nameOf)).toEqual(shopPolicies)
  })

  test('is Ready also where a tier has no workload yet, or names a peer that is not there', async () => {
    const team = await given.makeTeam()
    const { space } = team
    const cache = { selector: { matchLabels: { app: 'cache' } }, ports: [{ port: 6379 }], from: [{ tier: 'reports' }] }
    const tree = { 'db.yaml': stringify(appTier(space, 'db')), 'cache.yaml': stringify(appTier(space, 'cache', cache)) }
    expect(await team.push(tree, 'say the tiers')).toMatchObject({ ready: 'True' })
    expect(await given.installed.cluster.get('AppTier', space, 'cache')).toMatchObject({
      status: { conditions: expect.arrayContaining([expect.objectContaining({ reason: 'NoSuchTier' })]) },
    })
  })

  test('fails at once where a commit is accepted and wrong, and names the AppTier', async () => {
    const team = await openShop({ wait: true, timeout: '5m' })
    const cache = { selector: { matchLabels: { app: 'cache' } }, from: [{ tier: 'api' }] }
    const wrong = stringify(appTier(team.space, 'cache', cache))
    const begin = performance.now()
    const { ready, reason, message } = await team.push({ ...shop(team.space), 'cache.yaml': wrong }, 'add a cache')
    expect({ ready, reason }).toEqual({ ready: 'False', reason: 'HealthCheckFailed' })
    expect(message).toContain(`AppTier/${team.space}/cache status: 'Failed'`)
    expect(performance.now() - begin).toBeLessThan(30_000)
    expect(await warningsOf(team.space)).toContainEqual(expect.stringContaining(`AppTier/${team.space}/cache`))
    const good = stringify(appTier(team.space, 'cache', { ...cache, ports: [{ port: 6379 }] }))
    expect(await team.push({ ...shop(team.space), 'cache.yaml': good }, 'say the port')).toMatchObject({
      ready: 'True',
    })
  })

  test('fails where an annotated workload is wrong, if its tier has an AppTier that speaks for it', async () => {
    const { space, push } = await given.makeTeam({ wait: true, timeout: '5m' })
    const cache = deployment(space, 'cache', { tier: 'cache', 'allow-from': 'api' })
    expect(await push({ 'cache.yaml': stringify(cache) }, 'add a cache')).toMatchObject({ ready: 'True' })
    const tier = { 'tier.yaml': stringify(appTier(space, 'cache')) }
    const { ready, message } = await push({ 'cache.yaml': stringify(cache), ...tier }, 'wait for it')
    expect(ready).toBe('False')
    expect(message).toContain(`AppTier/${space}/cache status: 'Failed'`)
  })

  test('fails with the sentence of admission where that refuses a commit, and the last good policies stay', async () => {
    const { space, push, policies } = await openShop()
    const wrong = stringify(deployment(space, 'web', { tier: 'web', ports: '80O0' }))
    const cache = stringify(appTier(space, 'cache'))
    const { ready, message } = await push({ ...shop(space), 'web.yaml': wrong, 'cache.yaml': cache }, 'grow the shop')
    expect(ready).toBe('False')
    expect(message).toContain("denied request: port-invalid: tierwall.dev/ports: '80O0' is neither a port number")
    expect(await given.installed.cluster.get('AppTier', space, 'cache')).toBeUndefined()
    expect(await given.installed.cluster.policies(space)).toEqual(policies)
  })

  test('is not Ready before the operator has looked at a new AppTier', async () => {
    const team = await given.makeTeam()
    await given.stopOperator()
    const { ready, message } = await team.push(shop(team.space), 'open the shop')
    expect(ready).toBe('False')
    expect(message).toContain(`AppTier/${team.space}/db status: 'InProgress'`)
    await given.restartOperator()
    expect(await team.reconcile()).toMatchObject({ ready: 'True' })
    expect(await namesIn(team.space)).toEqual(shopPolicies)
  })
})

const event = z.object({
  type: z.string(),
  message: z.string(),
  involvedObject: z.object({ name: z.string().default('') }),
})

/** What Flux tells of a Kustomization to whoever listens. */
async function warningsOf(name: string): Promise<readonly string[]> {
  const events = await readList(given.installed.plane, `/api/v1/namespaces/${home}/events`, event)
  return events
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.name === name)
    .map(({ message }) => message)
}

describe('with prune, Flux', () => {
  test('leaves the policies alone, which are not in Git, and sees no drift in what Tierwall wrote', async () => {
    const { space, reconcile, policies } = await openShop()
    const { cluster } = given.installed
    const tier = await cluster.get('AppTier', space, 'db')
    expect(await reconcile()).toMatchObject({ ready: 'True' })
    expect(await reconcile()).toMatchObject({ ready: 'True' })
    expect(await cluster.policies(space)).toEqual(policies)
    expect(await cluster.get('AppTier', space, 'db')).toEqual(tier)
  })

  test('removes the AppTier and the Deployment that a commit took away, and Tierwall their policies', async () => {
    const { space, push } = await openShop()
    const { 'db.yaml': _, 'api.yaml': __, ...rest } = shop(space)
    expect(await push(rest, 'close the shop')).toMatchObject({ ready: 'True' })
    const { cluster } = given.installed
    expect(await cluster.get('AppTier', space, 'db')).toBeUndefined()
    await eventually(async () =>
      expect(await namesIn(space)).toEqual(['tierwall-allow-dns', 'tierwall-default-deny', 'tierwall-web']),
    )
  })
})
