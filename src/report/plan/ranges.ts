/** Address ranges that rules name → one address of each, to ask about in its place. */
import { type Cidr, readCidr } from '../../api/cidr.ts'
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import { compareText } from '../../api/order.ts'

export interface RangeNamed {
  /** `10.0.0.0/8`, `10.0.0.0/8!10.1.0.0/16` */
  readonly name: string
  readonly ip: string
}

/** Wider ranges hold strangers, who are asked about anyhow. */
const widest = 8
/** More of them would make everything slow, and nobody reads so many. */
const most = 64

export function rangesNamed(policies: readonly NetworkPolicy[]): readonly RangeNamed[] {
  const blocks = policies.flatMap(({ spec }) => [
    ...(spec.ingress ?? []).flatMap(({ from = [] }) => from.flatMap(({ ipBlock }) => ipBlock ?? [])),
    ...(spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? [])),
  ])
  const named = blocks.flatMap(({ cidr, except = [] }): RangeNamed[] => {
    const [range, holes] = [readRange(cidr), except.flatMap(text => readRange(text) ?? [])]
    const ip = range && range.prefix >= widest ? pickAddress(range, holes) : undefined
    return ip === undefined ? [] : [{ name: [cidr, ...except].join('!'), ip }]
  })
  const once = new Map(named.map(range => [range.name, range]))
  return [...once.values()].sort((a, b) => compareText(a.name, b.name)).slice(0, most)
}

function readRange(text: string): Cidr | undefined {
  const read = readCidr(text)
  return 'value' in read ? read.value : undefined
}

/** The range's first address, or the first one behind an exception. */
function pickAddress(range: Cidr, holes: readonly Cidr[]): string | undefined {
  const candidates = [range.bytes, ...holes.map(behind)]
  const found = candidates.find(bytes => isIn(bytes, range) && !holes.some(hole => isIn(bytes, hole)))
  return found && writeBytes(found)
}

function isIn(bytes: readonly number[], { bytes: base, prefix }: Cidr): boolean {
  return toNumber(bytes) >> hostBits(base, prefix) === toNumber(base) >> hostBits(base, prefix)
}

function behind({ bytes, prefix }: Cidr): readonly number[] {
  const next = toNumber(bytes) + (1n << hostBits(bytes, prefix))
  return bytes.map((_, at) => Number((next >> BigInt(8 * (bytes.length - 1 - at))) & 0xffn))
}

const hostBits = (bytes: readonly number[], prefix: number) => BigInt(8 * bytes.length - prefix)
const toNumber = (bytes: readonly number[]) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

function writeBytes(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  return groups.join(':')
}
