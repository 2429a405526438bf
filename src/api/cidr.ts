/** Address ranges, read as strictly as the API server does: no host bits, no leading zeros, no mapped addresses. */
import ipaddr from 'ipaddr.js'
import { limits } from './limits.ts'
import type { Read } from './ports.ts'
import type { Fault } from './problem.ts'

export interface Cidr {
  /** In its one canonical spelling. */
  readonly text: string
  readonly family: 4 | 6
  readonly bytes: readonly number[]
  readonly prefix: number
}

export interface Block {
  readonly cidr: string
  readonly except: readonly string[]
}

const refuse = (code: Fault['code'], message: string, fix: string): { fault: Fault } => ({
  fault: { code, message, fix },
})

export function readCidr(text: string): Read<Cidr> {
  const [address = '', prefix, ...more] = text.split('/')
  const parsed = readAddress(address)
  if (parsed === undefined || more.length > 0)
    return refuse(
      'cidr-invalid',
      `'${text}' is no address range`,
      'write ADDRESS/PREFIX, such as 10.0.0.0/8 or 2001:db8::/32',
    )
  if (prefix === undefined) return refuse('cidr-invalid', `'${text}' has no prefix length`, fixForBareAddress(parsed))
  const most = parsed.family === 4 ? 32 : 128
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > most)
    return refuse(
      'cidr-invalid',
      `'/${prefix}' is no prefix length`,
      `write a number from 0 to ${most} after the slash`,
    )
  const network = maskBytes(parsed.bytes, Number(prefix))
  const base = writeAddress(network)
  if (network.some((byte, index) => byte !== parsed.bytes[index]))
    return refuse(
      'cidr-host-bits',
      `'${text}' has bits set beyond its prefix`,
      `write ${parsed.text}/${most} for the one address, or ${base}/${prefix} for the range`,
    )
  return { value: { text: `${base}/${prefix}`, family: parsed.family, bytes: network, prefix: Number(prefix) } }
}

function fixForBareAddress(address: {
  readonly text: string
  readonly family: 4 | 6
  readonly bytes: readonly number[]
}): string {
  if (address.bytes.every(byte => byte === 0))
    return 'write anywhere for everyone, internet for public addresses, or none for nobody'
  return `write ${address.text}/${address.family === 4 ? 32 : 128} for this one address`
}

export function readAddress(
  text: string,
): { readonly text: string; readonly family: 4 | 6; readonly bytes: readonly number[] } | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    const canonical = ipaddr.IPv4.parse(text)
    if (canonical.toString() !== text) return undefined
    return { text, family: 4, bytes: canonical.toByteArray() }
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  if (address.isIPv4MappedAddress()) return undefined
  return { text: address.toString(), family: 6, bytes: address.toByteArray() }
}

function writeAddress(bytes: readonly number[]): string {
  return ipaddr.fromByteArray([...bytes]).toString()
}

function maskBytes(bytes: readonly number[], prefix: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8))
    return byte & (0xff << (8 - kept)) & 0xff
  })
}

/** Every address of `inner` is one of `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || inner.prefix < outer.prefix) return false
  return maskBytes(inner.bytes, outer.prefix).every((byte, index) => byte === outer.bytes[index])
}

/** A range less exceptions, each of which lies inside it without being all of it. */
export function readBlock(cidr: string, except: readonly string[]): Read<Block> {
  const outer = readCidr(cidr)
  if ('fault' in outer) return outer
  if (except.length > limits.exceptions)
    return refuse(
      'list-too-long',
      `${except.length} exceptions, the limit is ${limits.exceptions}`,
      'write fewer, wider exceptions',
    )
  const inside = new Set<string>()
  for (const text of except) {
    const inner = readCidr(text)
    if ('fault' in inner) return inner
    if (!containsCidr(outer.value, inner.value) || inner.value.prefix === outer.value.prefix)
      return refuse(
        'cidr-exception-outside',
        `the exception ${text} is not a part of ${cidr}`,
        inner.value.text === outer.value.text
          ? 'write none where nobody is meant'
          : `write an exception inside ${cidr}, or take it away`,
      )
    inside.add(inner.value.text)
  }
  return { value: { cidr: outer.value.text, except: [...inside].sort() } }
}
