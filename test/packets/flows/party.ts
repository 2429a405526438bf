/** Who takes part: pods as policies see them, and addresses outside, each with the host that tries for it. */
import type { End } from '../../properties/shapes.ts'
import type { Host, Verdict } from '../fixture/index.ts'

export interface Party {
  /** `shop/web-0`, `203.0.113.10`. */
  readonly name: string
  readonly end: End
  /** Of whoever can only be tried there is none. */
  readonly host?: Host
  /** `shop/web`: whose pod it is. */
  readonly workload?: string
  /** Of a DNS server, which answers questions alone on its port 53. */
  readonly answers?: (asker: Host, protocol: 'TCP' | 'UDP') => Promise<Verdict>
  /** The node on which the pods run. */
  readonly isNode?: boolean
  /** Nobody speaks of it, so it is who `anywhere` means. */
  readonly isStranger?: boolean
}

export function isPod({ end }: Party): boolean {
  return 'name' in end
}

export function addressOf({ end, name }: Party): string {
  const address = 'name' in end ? end.ips[0] : end.ip
  if (address === undefined) throw new Error(`${name} has no address yet`)
  return address
}
