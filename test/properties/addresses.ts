/** Addresses as numbers, for the oracle and for the probes at the edges of ranges. */

export interface Range {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

export const familyOf = (ip: string): 4 | 6 => (ip.includes(':') ? 6 : 4)

export function numberOf(ip: string): bigint {
  if (familyOf(ip) === 4) return ip.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  const [head = '', tail] = ip.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [words(head), words(tail ?? '')]
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n)
}

export function addressOf(number: bigint, family: 4 | 6): string {
  const [parts, width] = family === 4 ? [4, 8n] : [8, 16n]
  const words = Array.from(
    { length: parts },
    (_, place) => (number >> (BigInt(parts - 1 - place) * width)) % (1n << width),
  )
  return family === 4 ? words.join('.') : words.map(word => word.toString(16)).join(':')
}

export function rangeOf(cidr: string): Range {
  const [ip = '', prefix = ''] = cidr.split('/')
  const family = familyOf(ip)
  const size = 1n << BigInt((family === 4 ? 32 : 128) - Number(prefix))
  const first = (numberOf(ip) / size) * size
  return { family, first, last: first + size - 1n }
}

const ranges = new Map<string, Range>()

export function isIn(ip: string, cidr: string): boolean {
  const range = ranges.get(cidr) ?? rangeOf(cidr)
  ranges.set(cidr, range)
  const number = numberOf(ip)
  return familyOf(ip) === range.family && range.first <= number && number <= range.last
}

/** The first and last address of a range and their neighbours outside. */
export function edgesOf(cidr: string): string[] {
  const { family, first, last } = rangeOf(cidr)
  const most = (1n << (family === 4 ? 32n : 128n)) - 1n
  return [first - 1n, first, last, last + 1n].filter(at => at > 0n && at < most).map(at => addressOf(at, family))
}
