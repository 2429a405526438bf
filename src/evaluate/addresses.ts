/** An ipBlock in, a test of addresses out: its CIDR less its exceptions. */
import { BlockList, isIP } from 'node:net'
import type { PolicyPeer } from '../api/kubernetes.ts'

export type Family = 4 | 6
export type IpBlock = NonNullable<PolicyPeer['ipBlock']>

export interface AddressBlock {
  readonly family: Family
  readonly holds: (address: string) => boolean
}

/** `undefined` for a block that the API server refuses. */
export function readBlock({ cidr, except = [] }: IpBlock): AddressBlock | undefined {
  const whole = readCidr(cidr)
  if (whole === undefined) return undefined
  const { family } = whole
  const inside = new BlockList()
  add(inside, whole)
  const outside = new BlockList()
  for (const text of except) {
    const part = readCidr(text)
    if (part?.family !== family || !contains(inside, part.address)) return undefined
    add(outside, part)
  }
  // The family is asked for first because a BlockList takes `::/0` to hold IPv4 as well.
  const holds = (address: string) =>
    familyOf(address) === family && contains(inside, address) && !contains(outside, address)
  return { family, holds }
}

/** An IPv4 address in IPv6 spelling (`::ffff:10.0.0.1`) travels as IPv4. */
export function familyOf(address: string): Family | undefined {
  const spelled = spellingOf(address)
  return spelled === 6 && contains(mapped, address) ? 4 : spelled
}

interface Cidr {
  readonly family: Family
  readonly address: string
  readonly prefix: number
}

function readCidr(text: string): Cidr | undefined {
  const [, address, digits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  if (address === undefined || digits === undefined) return undefined
  const family = spellingOf(address)
  const prefix = Number(digits)
  return family === undefined || prefix > families[family].bits ? undefined : { family, address, prefix }
}

function add(list: BlockList, { address, prefix, family }: Cidr): void {
  list.addSubnet(address, prefix, families[family].name)
}

function contains(list: BlockList, address: string): boolean {
  const spelled = spellingOf(address)
  return spelled !== undefined && list.check(address, families[spelled].name)
}

function spellingOf(address: string): Family | undefined {
  const version = isIP(address)
  return version === 4 || version === 6 ? version : undefined
}

const families = { 4: { bits: 32, name: 'ipv4' }, 6: { bits: 128, name: 'ipv6' } } as const
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')
