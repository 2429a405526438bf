import { isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { evaluateFlow } from '../../src/evaluate/index.ts'
import fc from '../seeded.ts'
import { address, pod, policyWith } from './world.ts'

/** May this address connect to a pod that admits one ipBlock only? */
function admits(ipBlock: unknown, ip: string): boolean {
  const policy = policyWith({ podSelector: {}, ingress: [{ from: [{ ipBlock }] }] })
  return evaluateFlow([policy], address(ip), pod('shop/web'), { port: 80, protocol: 'TCP' }).allowed
}

interface Width {
  readonly bits: 32 | 128
  readonly write: (value: bigint) => string
}

const widths: readonly Width[] = [
  { bits: 32, write: value => digits(value, 4, 8n, 10).join('.') },
  { bits: 128, write: value => digits(value, 8, 16n, 16).join(':') },
]

function digits(value: bigint, count: number, size: bigint, radix: number): string[] {
  return Array.from({ length: count }, (_, place) =>
    ((value >> (size * BigInt(count - 1 - place))) & ((1n << size) - 1n)).toString(radix),
  )
}

/** Two addresses are in one block when their first bits agree. */
function isWithin(value: bigint, network: bigint, prefix: number, bits: number): boolean {
  const rest = BigInt(bits - prefix)
  return value >> rest === network >> rest
}

/** A network, an exception inside it, and an address that agrees with one of them for a while. */
const scene = fc.constantFrom(...widths).chain(width => {
  const any = fc.bigInt({ min: 0n, max: (1n << BigInt(width.bits)) - 1n })
  const bit = fc.integer({ min: 0, max: width.bits - 1 })
  const near = (value: bigint) =>
    fc.oneof(
      any,
      fc.constant(value),
      bit.map(place => value ^ (1n << BigInt(place))),
      any.chain(other =>
        bit.map(place => ((value >> BigInt(place)) << BigInt(place)) | (other & ((1n << BigInt(place)) - 1n))),
      ),
    )
  return (
    fc
      .tuple(any, fc.integer({ min: 0, max: width.bits - 1 }))
      .chain(([network, prefix]) =>
        fc.record({
          width: fc.constant(width),
          network: fc.constant(network),
          prefix: fc.constant(prefix),
          hole: any.map(other => {
            const rest = BigInt(width.bits - prefix)
            return ((network >> rest) << rest) | (other & ((1n << rest) - 1n))
          }),
          holePrefix: fc.integer({ min: prefix + 1, max: width.bits }),
        }),
      )
      .chain(block => fc.record({ block: fc.constant(block), value: fc.oneof(near(block.network), near(block.hole)) }))
      // An IPv4-mapped address is an IPv4 address; a test of its own says so.
      .filter(({ value }) => width.bits === 32 || value >> 32n !== 0xffffn)
  )
})

describe('ipBlock', () => {
  it('holds the addresses whose first bits agree with its CIDR and not with an exception', () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ block: { width, network, prefix, hole, holePrefix }, value }, hasHole) => {
        const { bits, write } = width
        const except = hasHole ? [`${write(hole)}/${holePrefix}`] : []
        const expected = isWithin(value, network, prefix, bits) && !(hasHole && isWithin(value, hole, holePrefix, bits))
        expect(admits({ cidr: `${write(network)}/${prefix}`, except }, write(value))).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it('holds every address of its family when its prefix is 0, and none of the other family', () => {
    const anyAddress = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter(ip => !ip.toLowerCase().includes('ffff:') && isIPv6(ip)),
    )
    fc.assert(
      fc.property(anyAddress, ip => {
        expect(admits({ cidr: '0.0.0.0/0' }, ip)).toBe(!isIPv6(ip))
        expect(admits({ cidr: '::/0' }, ip)).toBe(isIPv6(ip))
      }),
    )
  })

  it('takes several exceptions, null for none, and a CIDR with host bits', () => {
    const except = ['10.1.0.0/16', '10.2.3.4/32']
    expect(admits({ cidr: '10.0.0.0/8', except }, '10.1.9.9')).toBe(false)
    expect(admits({ cidr: '10.0.0.0/8', except }, '10.2.3.4')).toBe(false)
    expect(admits({ cidr: '10.0.0.0/8', except }, '10.2.3.5')).toBe(true)
    expect(admits({ cidr: '10.0.0.0/8', except: null }, '10.1.9.9')).toBe(true)
    expect(admits({ cidr: '10.9.9.9/8', except: [] }, '10.1.9.9')).toBe(true)
  })

  it('takes an IPv4 address in IPv6 spelling for the IPv4 address', () => {
    expect(admits({ cidr: '10.0.0.0/8' }, '::ffff:10.1.2.3')).toBe(true)
    expect(admits({ cidr: '10.0.0.0/8' }, '::ffff:0a01:0203')).toBe(true)
    expect(admits({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, '::ffff:10.1.2.3')).toBe(false)
    expect(admits({ cidr: '::/0' }, '::ffff:10.1.2.3')).toBe(false)
  })

  it('holds nobody when the API server would refuse it', () => {
    const refused = [
      { cidr: '10.0.0.0' },
      { cidr: '10.0.0.0/33' },
      { cidr: '10.0.0/8' },
      { cidr: '010.0.0.0/8' },
      { cidr: '10.0.0.0/8/8' },
      { cidr: '::ffff:10.0.0.0/104' },
      { cidr: '10.0.0.0/8', except: ['nonsense'] },
      { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] },
      { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] },
      { cidr: '10.0.0.0/8', except: ['::/0'] },
    ]
    for (const ipBlock of refused) expect([ipBlock, admits(ipBlock, '10.9.9.9')]).toEqual([ipBlock, false])
  })

  it('holds nobody who has no readable address', () => {
    expect(admits({ cidr: '0.0.0.0/0' }, 'nonsense')).toBe(false)
    expect(admits({ cidr: '::/0' }, '')).toBe(false)
  })
})
