import { describe, expect } from 'vitest'
import { readAppTierSpec } from '../../src/api/apptier.ts'
import { readTierName } from '../../src/api/peers.ts'
import { dryRunAppTier } from './dry-run.ts'
import { test } from './plane.ts'
import { accepted, refused, refusedByTheReaderAlone } from './specs.ts'

const messagesOf = (spec: unknown) => readAppTierSpec(spec).faults.map(({ fault }) => fault.message)

describe('the API server and the reader of files both', () => {
  test.for(Object.entries(accepted))('accept an AppTier %s', async ([, spec], { plane }) => {
    expect(await dryRunAppTier(plane, spec)).toHaveProperty('stored')
    expect(messagesOf(spec)).toEqual([])
  })

  test.for(Object.entries(refused))('refuse an AppTier %s', async ([, spec], { plane }) => {
    expect(await dryRunAppTier(plane, spec)).toHaveProperty('refused')
    expect(messagesOf(spec)).not.toEqual([])
  })
})

describe.for(refusedByTheReaderAlone)('because $because', ({ specs }) => {
  test.for(Object.entries(specs))('only the reader refuses an AppTier %s', async ([, spec], { plane }) => {
    expect(await dryRunAppTier(plane, spec)).toHaveProperty('stored')
    expect(messagesOf(spec)).not.toEqual([])
  })
})

describe('where the tier is not said, the name of the AppTier is the tier', () => {
  const names = ['db', 'a'.repeat(63), 'a'.repeat(64), '1db', 'db.v2', 'cluster', 'none', 'kube-apiserver', 'clusters']

  test.for(names)('and both agree on whether %s can be one', async (name, { plane }) => {
    const server = 'stored' in (await dryRunAppTier(plane, {}, name))
    expect(server).toBe('value' in readTierName(name))
  })

  test.for(names)('and %s is fine beside a tier that is said', async (name, { plane }) => {
    expect(await dryRunAppTier(plane, { tier: 'db' }, name)).toHaveProperty('stored')
  })
})
