/** The configuration file: what the cluster's admin says once for all tiers. */
import { z } from 'zod'
import { readPeerFields } from './apptier.ts'
import { peerSchema } from './apptier-schema.ts'
import { readAddress, readCidr } from './cidr.ts'
import { type FieldFault, faultsOf, type SchemaWords } from './faults.ts'
import { isWritten, peerName } from './formats.ts'
import {
  defaultOperatorSettings,
  namespaceText,
  type OperatorSettings,
  operatorSettings,
  unquotedOff,
} from './operator-settings.ts'
import { type Peer, readPeer, type WrittenPeer, writePeer } from './peers.ts'
import type { FieldPath } from './source.ts'

export const isolationModes = ['enforce', 'audit', 'off'] as const
export type Isolation = (typeof isolationModes)[number]

/** A peer in the configuration, as the annotations spell it or as AppTier does. */
export interface ConfiguredPeer extends WrittenPeer {
  readonly path: FieldPath
}

export interface Configuration {
  readonly isolation: Isolation
  readonly operatorNamespace: string
  readonly allowSystemNamespaces: readonly string[]
  readonly clusterRanges: readonly string[]
  readonly dns: {
    readonly services: readonly { readonly namespace: string; readonly name: string }[]
    readonly peers: readonly ConfiguredPeer[]
  }
  readonly kubeApiserver: { readonly endpoints: readonly { readonly address: string; readonly port: number }[] }
  readonly peers: ReadonlyMap<string, readonly ConfiguredPeer[]>
  readonly baseline: { readonly from: readonly ConfiguredPeer[]; readonly to: readonly ConfiguredPeer[] }
  readonly operator: OperatorSettings
}

const peer = z.union([z.string(), peerSchema], {
  error: 'expected a peer, as in an annotation or as in an AppTier',
})
type PeerInput = z.infer<typeof peer>
const peers = z.union([peer, z.array(peer)])

const schema = z.strictObject({
  apiVersion: z.literal('tierwall.dev/v1alpha1').optional(),
  kind: z.literal('Configuration').optional(),
  // As a function's configuration it has a name, which says nothing to Tierwall.
  metadata: z.unknown().optional(),
  isolation: z.preprocess(unquotedOff, z.enum(isolationModes).default('enforce')),
  operatorNamespace: namespaceText.default('tierwall-system'),
  allowSystemNamespaces: z.array(namespaceText).default([]),
  clusterRanges: z.array(z.string()).max(32).default([]),
  dns: z
    .strictObject({
      services: z.array(z.strictObject({ namespace: namespaceText, name: z.string().min(1) })).default([]),
      peers: z.array(peer).default([]),
    })
    .prefault({}),
  kubeApiserver: z
    .strictObject({
      endpoints: z
        .array(
          z.strictObject({
            address: z.string().refine(text => readAddress(text) !== undefined, 'expected an address'),
            port: z.int().min(1).max(65535),
          }),
        )
        .default([]),
    })
    .prefault({}),
  peers: z
    .record(
      z.string().refine(name => isWritten(name, peerName), `expected ${peerName.means}`),
      peers,
    )
    .default({}),
  baseline: z.strictObject({ from: z.array(peer).default([]), to: z.array(peer).default([]) }).prefault({}),
  operator: operatorSettings.prefault({}),
})

const words: SchemaWords = {
  code: 'configuration-invalid',
  fields: [
    ...Object.keys(schema.shape),
    ...Object.keys(peerSchema.shape),
    ...Object.keys(operatorSettings.shape),
    ...['services', 'endpoints', 'address', 'port', 'level', 'format', 'duration', 'renewDeadline', 'retryPeriod'],
  ],
  fix: 'see docs/configuration.md',
}

export function readConfiguration(json: unknown): { configuration: Configuration; faults: readonly FieldFault[] } {
  const parsed = schema.safeParse(json ?? {})
  if (!parsed.success) return { configuration: defaultConfiguration, faults: faultsOf(parsed.error, [], words) }
  const faults: FieldFault[] = []
  const written = (list: readonly PeerInput[], path: FieldPath) =>
    list.flatMap((one, index): ConfiguredPeer[] => {
      const at = [...path, index]
      const read = readConfiguredPeer(one)
      if ('value' in read) return [{ ...read.value, path: at }]
      faults.push({ path: [...at, ...read.path], fault: read.fault })
      return []
    })
  const { data } = parsed
  const clusterRanges = data.clusterRanges.flatMap((text, index) => {
    const read = readCidr(text)
    if ('value' in read) return [read.value.text]
    faults.push({ path: ['clusterRanges', index], fault: read.fault })
    return []
  })
  const named = new Map<string, readonly ConfiguredPeer[]>()
  for (const [name, list] of Object.entries<PeerInput | PeerInput[]>(data.peers)) {
    const read = written(Array.isArray(list) ? list : [list], ['peers', name])
    faults.push(...refuseOthers(read, 'a named peer', 'write selectors, CIDRs or *.NAMESPACE'))
    named.set(name, read)
  }
  const configuration: Configuration = {
    isolation: data.isolation,
    operatorNamespace: data.operatorNamespace,
    allowSystemNamespaces: data.allowSystemNamespaces,
    clusterRanges,
    dns: { services: data.dns.services, peers: written(data.dns.peers, ['dns', 'peers']) },
    kubeApiserver: data.kubeApiserver,
    peers: named,
    baseline: {
      from: written(data.baseline.from, ['baseline', 'from']),
      to: written(data.baseline.to, ['baseline', 'to']),
    },
    operator: data.operator,
  }
  faults.push(...refuseOthers(configuration.dns.peers, 'DNS', 'write selectors or CIDRs'))
  for (const { peer, ports = [], path } of [...configuration.dns.peers, ...configuration.baseline.to])
    if (isOutside(peer) && ports.some(({ by }) => by === 'name'))
      faults.push({
        path,
        fault: {
          code: 'port-name-outside',
          message: `${writePeer(peer)} has no container ports to look a name up in`,
          fix: 'write the port as a number',
        },
      })
  return { configuration, faults }
}

/** What is given a name, or stands for DNS, says itself who it is: pods or addresses. */
function refuseOthers(peers: readonly ConfiguredPeer[], what: string, fix: string): readonly FieldFault[] {
  return peers
    .filter(({ peer }) => !['pods', 'cidr', 'pods-of'].includes(peer.kind))
    .map(({ peer, path }) => ({
      path,
      fault: { code: 'configuration-invalid', message: `${what} cannot be ${peer.kind}`, fix },
    }))
}

/** Ends without pods: addresses, however they are named. */
export function isOutside(peer: Peer): boolean {
  return peer.kind === 'cidr' || peer.kind === 'internet' || peer.kind === 'kube-apiserver'
}

function readConfiguredPeer(one: PeerInput): ReturnType<typeof readPeerFields> {
  if (typeof one !== 'string') return readPeerFields(one)
  const read = readPeer(one)
  return 'value' in read ? read : { path: [], fault: read.fault }
}

export const defaultConfiguration: Configuration = {
  isolation: 'enforce',
  operatorNamespace: 'tierwall-system',
  allowSystemNamespaces: [],
  clusterRanges: [],
  dns: { services: [], peers: [] },
  kubeApiserver: { endpoints: [] },
  peers: new Map(),
  baseline: { from: [], to: [] },
  operator: defaultOperatorSettings,
}
