/** Which peers mean everyone outside? */
import { readCidr } from '../../api/cidr.ts'
import type { Configuration } from '../../api/configuration.ts'
import type { Peer } from '../../api/peers.ts'

export function isWholeWorld(peer: Peer, named: Configuration['peers']): boolean {
  switch (peer.kind) {
    case 'anywhere':
    case 'internet':
      return true
    case 'cidr':
      return isWholeFamily(peer.cidr)
    case 'named':
      return (named.get(peer.name) ?? []).some(one => isWholeWorld(one.peer, named))
    default:
      return false
  }
}

/** All addresses, a half of them (the usual trick around a ban of `/0`), or all public IPv6 ones (2000::/3). */
export function isWholeFamily(cidr: string): boolean {
  const read = readCidr(cidr)
  return 'value' in read && read.value.prefix <= (read.value.family === 4 ? 1 : 3)
}
