import { describe, expect, it } from 'vitest'
import type { LabelSelector } from '../../../src/api/kubernetes.ts'
import { gatherVocabulary, nearLabel, slipOf } from '../../../src/lint/survey/near-labels.ts'

const known = gatherVocabulary([
  { role: 'client', zone: 'north', canary: 'true' },
  { role: 'server', tier: 'b' },
  { role: 'batch' },
  { role: 'admin' },
  { role: 'proxy' },
  { role: 'zebra' },
])
const near = (selector: LabelSelector) => nearLabel(selector, known)
const term = (key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
})

describe('nearLabel', () => {
  it('mends a value, or lists the first five that are known', () => {
    expect(near({ matchLabels: { role: 'clinet' } })).toEqual({ isSlip: true, advice: 'write role: client' })
    expect(near({ matchLabels: { role: 'database' } })).toEqual({
      isSlip: false,
      advice: 'known values of role: admin, batch, client, proxy, server',
    })
  })

  it('mends a key, with the value that stood there', () => {
    expect(near({ matchLabels: { rolle: 'client' } })).toEqual({ isSlip: true, advice: 'write role: client' })
    expect(near(term('rolle', 'Exists'))).toEqual({ isSlip: true, advice: 'write role' })
    expect(near(term('rolle', 'In', 'true', 'false'))).toEqual({ isSlip: true, advice: 'write role: "true"' })
  })

  it('offers another key that has the value, unless half the world has it', () => {
    expect(near({ matchLabels: { area: 'north' } })).toEqual({ isSlip: false, advice: 'did you mean zone: north?' })
    expect(near({ matchLabels: { area: 'true' } })).toBeUndefined()
    expect(near({ matchLabels: { area: 'b' } })).toBeUndefined()
  })

  it('reads what must be there, and not what must be missing', () => {
    expect(near(term('role', 'In', 'clinet'))?.advice).toBe('write role: client')
    expect(near(term('role', 'In', 'database', 'client'))).toBeUndefined()
    expect(near(term('role', 'Exists'))).toBeUndefined()
    expect(near(term('rolle', 'NotIn', 'client'))).toBeUndefined()
    expect(near(term('rolle', 'DoesNotExist'))).toBeUndefined()
  })

  it('prefers a slip of the pen to a list', () => {
    expect(near({ matchLabels: { role: 'database', zone: 'nord', zonne: 'north' } })?.advice).toBe('write zone: north')
  })
})

describe('slipOf', () => {
  it('finds a name that is a letter or two away', () => {
    expect(slipOf('monitring', ['shop', 'monitoring'])).toBe('monitoring')
    expect(slipOf('opx', ['ops'])).toBe('ops')
  })

  it('takes neither short words nor other numbers for slips', () => {
    expect(slipOf('a', ['b'])).toBeUndefined()
    expect(slipOf('ab', ['ac'])).toBeUndefined()
    expect(slipOf('team-1', ['team-2', 'team-12'])).toBeUndefined()
  })
})
