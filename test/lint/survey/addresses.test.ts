import { describe, expect, it } from 'vitest'
import { addressesOf } from '../../../src/lint/survey/addresses.ts'

describe('addressesOf', () => {
  it('gives the second, the first and the last address of a range', () => {
    expect(addressesOf({ cidr: '10.8.0.0/16' })).toEqual(['10.8.0.1', '10.8.0.0', '10.8.255.255'])
    expect(addressesOf({ cidr: '2001:db8::/32' })).toEqual([
      '2001:db8::1',
      '2001:db8::',
      '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    ])
  })

  it('gives a single address once', () => {
    expect(addressesOf({ cidr: '10.8.0.9/32' })).toEqual(['10.8.0.9'])
  })

  it('reads a range with bits beyond its prefix as the whole range', () => {
    expect(addressesOf({ cidr: '10.8.0.9/30' })).toEqual(['10.8.0.9', '10.8.0.8', '10.8.0.11'])
  })

  it('gives the neighbours of an exception that lie inside', () => {
    expect(addressesOf({ cidr: '10.0.0.0/24', except: ['10.0.0.64/26'] })).toEqual([
      '10.0.0.1',
      '10.0.0.0',
      '10.0.0.255',
      '10.0.0.128',
      '10.0.0.63',
    ])
    expect(addressesOf({ cidr: '10.0.0.0/24', except: ['10.0.0.0/25'] })).toEqual([
      '10.0.0.1',
      '10.0.0.0',
      '10.0.0.255',
      '10.0.0.128',
    ])
    expect(addressesOf({ cidr: '10.0.0.0/24', except: ['10.0.0.128/25'] })).toContain('10.0.0.127')
  })

  it('gives nothing for what is no range', () => {
    for (const cidr of ['10.0.0.0', 'fe80::1%1/64', 'x/8', '']) expect(addressesOf({ cidr })).toEqual([])
    expect(addressesOf({ cidr: '10.0.0.0/32', except: ['x'] })).toEqual(['10.0.0.0'])
  })
})
