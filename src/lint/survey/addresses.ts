/** Addresses to ask about: some of everybody's, and those where a range of addresses begins and ends. */
import ipaddr from 'ipaddr.js'
import { readAddress } from '../../api/cidr.ts'
import type { NetworkPolicy, PolicyPeer } from '../../api/kubernetes.ts'

/** Public ones that are reserved for documentation, then private, link-local and IPv6 ones. */
export const anybody: readonly string[] = [
  '203.0.113.77',
  '198.51.100.77',
  '10.0.0.77',
  '172.16.0.77',
  '192.168.0.77',
  '169.254.169.254',
  '2001:db8::77',
  'fd00::77',
]

type IpBlock = NonNullable<PolicyPeer['ipBlock']>

/** The second, the first and the last, and those behind each exception. Whether the block has them is not asked here. */
export function addressesOf({ cidr, except = [] }: IpBlock): readonly string[] {
  const whole = readRange(cidr)
  if (!whole) return []
  const { first, last, bytes } = whole
  const edges = except.flatMap(text => {
    const part = readRange(text)
    return part ? [part.last + 1n, part.first - 1n] : []
  })
  const inside = [first + 1n, first, last, ...edges].filter(number => first <= number && number <= last)
  return [...new Set(inside)].map(number => writeAddress(number, bytes))
}

export function blocksInto({ spec }: NetworkPolicy): readonly IpBlock[] {
  return (spec.ingress ?? []).flatMap(({ from = [] }) => from).flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : []))
}

function readRange(cidr: string): { first: bigint; last: bigint; bytes: number } | undefined {
  const [text = '', prefix] = cidr.split('/')
  const address = readAddress(text)
  if (!address || prefix === undefined) return undefined
  const bytes = address.bytes.length
  const number = address.bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  const size = 1n << BigInt(Math.max(0, bytes * 8 - Number(prefix)))
  const first = number - (number % size)
  return { first, last: first + size - 1n, bytes }
}

function writeAddress(number: bigint, bytes: number): string {
  const parts = Array.from({ length: bytes }, (_, index) => Number((number >> BigInt(8 * (bytes - 1 - index))) & 255n))
  return ipaddr.fromByteArray(parts).toString()
}
