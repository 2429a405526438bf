/** Peers that are no tiers → the selectors and addresses that they stand for here and now. */
import { type Block, containsCidr, readBlock, readCidr } from '../api/cidr.ts'
import type { Configuration } from '../api/configuration.ts'
import { type Peer, writePeer } from '../api/peers.ts'
import type { NonEmpty, Port } from '../api/ports.ts'
import type { Fault } from '../api/problem.ts'
import { rememberByObject } from '../api/remember.ts'
import type { Snapshot } from '../intent/snapshot.ts'
import { apiServerEndpoints } from './apiserver.ts'
import type { Outside } from './edge.ts'

export interface Opening {
  readonly peer: Outside
  /** Ports that the peer itself brings: those of the API server, or of a named peer. */
  readonly brings?: NonEmpty<Port>
}

export type Resolution = { readonly openings: readonly Opening[] } | { readonly missing: Fault }

export type OutsidePeer = Exclude<Peer, { kind: 'tier' | 'app' }>

export function isTierPeer(peer: Peer): peer is Extract<Peer, { kind: 'tier' | 'app' }> {
  return peer.kind === 'tier' || peer.kind === 'app'
}

/** What peers stand for, worked out once: every tier that says `internet` means the same blocks. */
export interface Places {
  readonly internet: readonly Opening[]
  readonly apiServer: readonly Opening[]
  readonly named: Configuration['peers']
}

export function locatePlaces(snapshot: Snapshot): Places {
  return {
    internet: openBlocks(internetBlocks(snapshot.configuration.clusterRanges)),
    apiServer: apiServerOpenings(snapshot),
    named: snapshot.configuration.peers,
  }
}

export function resolveOutside(peer: OutsidePeer, namespace: string, places: Places): Resolution {
  switch (peer.kind) {
    case 'anywhere':
      return open({ is: 'anyone' })
    case 'cluster':
      return open({ is: 'cluster' })
    case 'namespace':
      return open({ is: 'namespace' })
    case 'pods-of':
      return open(peer.namespace === namespace ? { is: 'namespace' } : { is: 'pods-of', namespace: peer.namespace })
    case 'pods': {
      const { kind: _, ...selectors } = peer
      return open({ is: 'pods', ...selectors })
    }
    case 'cidr':
      return open({ is: 'addresses', blocks: [{ cidr: peer.cidr, except: peer.except }] })
    case 'internet':
      return { openings: places.internet }
    case 'kube-apiserver':
      return resolveApiServer(places)
    case 'named':
      return resolveNamed(peer.name, namespace, places)
  }
}

const open = (peer: Outside): Resolution => ({ openings: [{ peer }] })

function openBlocks([first, ...more]: readonly Block[], brings?: NonEmpty<Port>): Opening[] {
  if (!first) return []
  const peer: Outside = { is: 'addresses', blocks: [first, ...more] }
  return [brings ? { peer, brings } : { peer }]
}

/** Public addresses: all less what is private, shared, local, multicast or reserved, and less the cluster's own. */
const publicV4 = {
  cidr: '0.0.0.0/0',
  less: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
}
const publicV6 = { cidr: '2000::/3', less: [] }

/** By the configuration's own list, since every decision asks for the same. */
const internetBlocks = rememberByObject((clusterRanges: readonly string[]): readonly Block[] =>
  [publicV4, publicV6].flatMap(({ cidr, less }) => lessRanges(cidr, less, clusterRanges)),
)

function lessRanges(cidr: string, less: readonly string[], ranges: readonly string[]): Block[] {
  const outer = readCidr(cidr)
  if ('fault' in outer) throw new Error(outer.fault.message)
  const all = [...less, ...ranges].flatMap(text => {
    const read = readCidr(text)
    return 'value' in read ? [read.value] : []
  })
  if (all.some(range => containsCidr(range, outer.value))) return []
  const inside = all.filter(range => containsCidr(outer.value, range))
  const widest = inside.filter(range => !inside.some(other => other.text !== range.text && containsCidr(other, range)))
  const block = readBlock(cidr, [...new Set(widest.map(({ text }) => text))])
  if ('fault' in block) throw new Error(block.fault.message)
  return [block.value]
}

function apiServerOpenings(snapshot: Snapshot): Opening[] {
  const byPort = Map.groupBy(apiServerEndpoints(snapshot), ({ port }) => port)
  return [...byPort].flatMap(([port, endpoints]) =>
    openBlocks(
      endpoints.map(({ address }) => ({ cidr: `${address}/${address.includes(':') ? 128 : 32}`, except: [] })),
      [{ by: 'number', first: port, last: port, protocol: 'TCP' }],
    ),
  )
}

function resolveApiServer({ apiServer }: Places): Resolution {
  if (apiServer.length > 0) return { openings: apiServer }
  return {
    missing: {
      code: 'kube-apiserver-unknown',
      message: 'the addresses of the API server are not known here',
      fix: 'add the EndpointSlices of default/kubernetes to the input, or kubeApiserver.endpoints to the configuration',
    },
  }
}

function resolveNamed(name: string, namespace: string, places: Places): Resolution {
  const defined = places.named.get(name)
  if (!defined)
    return {
      missing: {
        code: 'peer-undefined',
        message: `@${name} is not defined in the configuration`,
        fix: namedFix([...places.named.keys()]),
      },
    }
  const openings = defined.flatMap(({ peer, ports }): readonly Opening[] => {
    if (isTierPeer(peer)) throw new Error(`a named peer cannot be ${writePeer(peer)}`)
    const resolved = resolveOutside(peer, namespace, places)
    if ('missing' in resolved) return []
    return ports ? resolved.openings.map(opening => ({ ...opening, brings: ports })) : resolved.openings
  })
  return { openings }
}

function namedFix(names: string[]): string {
  return names.length === 0
    ? 'define it under peers in the configuration file'
    : `define it under peers in the configuration file; it has ${names
        .sort()
        .map(name => `@${name}`)
        .join(', ')}`
}
