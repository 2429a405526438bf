/** An AppTier's spec as values, field by field, with a fault for each wrong field. */
import { z } from 'zod'
import { type PeerFields, type PortFields, peerKinds, peerSchema, specSchema } from './apptier-schema.ts'
import { readBlock } from './cidr.ts'
import { type FieldFault, faultsOf, type SchemaWords, unknownField } from './faults.ts'
import type { LabelSelector } from './kubernetes.ts'
import { type Peer, readAppName, readTierName, type WrittenPeer } from './peers.ts'
import { type Port, sortPorts } from './ports.ts'
import type { Fault } from './problem.ts'
import { isEmptySelector } from './selector.ts'
import type { FieldPath } from './source.ts'

export interface AppTierPeer extends WrittenPeer {
  readonly path: FieldPath
}

/** A spec as values, field by field: a field that is wrong is not there, is named as broken, and has a fault. */
export interface AppTierSpec {
  readonly app?: string
  readonly tier?: string
  readonly selector?: LabelSelector
  readonly ports?: readonly Port[]
  readonly from?: readonly AppTierPeer[]
  readonly to?: readonly AppTierPeer[]
  readonly broken: ReadonlySet<string>
  readonly faults: readonly FieldFault[]
}

const nestedFields = ['port', 'endPort', 'protocol', 'matchLabels', 'matchExpressions', 'key', 'operator', 'values']

const words: SchemaWords = {
  code: 'apptier-invalid',
  fields: [...Object.keys(specSchema.shape), ...Object.keys(peerSchema.shape), ...nestedFields],
  fix: 'see `kubectl explain tiers.spec`',
}

const noSpec = z.looseObject({}, { error: 'expected the fields of an AppTier' })

export function readAppTierSpec(json: unknown): AppTierSpec {
  const fields = noSpec.safeParse(json ?? {})
  if (!fields.success)
    return {
      broken: new Set(Object.keys(specSchema.shape)),
      faults: faultsOf(fields.error, ['spec'], words),
    }
  const faults: FieldFault[] = []
  for (const key of Object.keys(fields.data))
    if (!Object.hasOwn(specSchema.shape, key))
      faults.push(unknownField(['spec', key], key, { ...words, fields: Object.keys(specSchema.shape) }))
  const read = <T>(field: keyof typeof specSchema.shape, schema: z.ZodType<T>): T | undefined => {
    const parsed = schema.safeParse(fields.data[field])
    if (parsed.success) return parsed.data
    faults.push(...faultsOf(parsed.error, ['spec', field], words))
    return undefined
  }
  const keep = <T>(result: { value: T } | { fault: Fault }, path: FieldPath): T | undefined => {
    if ('value' in result) return result.value
    faults.push({ path, fault: result.fault })
    return undefined
  }
  const shape = specSchema.shape
  const app = read('app', shape.app)
  const tier = read('tier', shape.tier)
  const selector = read('selector', shape.selector)
  const ports = read('ports', shape.ports)
  const [from, to] = [read('from', shape.from), read('to', shape.to)]
  if (selector && isEmptySelector(selector)) faults.push({ path: ['spec', 'selector'], fault: emptyTier })
  const appName = app === undefined ? undefined : keep(readAppName(app), ['spec', 'app'])
  const name = tier === undefined ? undefined : keep(readTierName(tier), ['spec', 'tier'])
  const peers = (list: readonly PeerFields[], field: string): readonly AppTierPeer[] =>
    list.flatMap((fields, index) => {
      const path = ['spec', field, index]
      const result = readPeerFields(fields)
      if ('value' in result) return [{ ...result.value, path }]
      faults.push({ path: [...path, ...result.path], fault: result.fault })
      return []
    })
  const values = {
    ...(appName === undefined ? {} : { app: appName }),
    ...(name === undefined ? {} : { tier: name }),
    ...(selector ? { selector } : {}),
    ...(ports ? { ports: sortPorts(ports.map(readPortFields)) } : {}),
    ...(from ? { from: peers(from, 'from') } : {}),
    ...(to ? { to: peers(to, 'to') } : {}),
  }
  const broken = new Set(faults.map(({ path }) => String(path[1])))
  return { ...Object.fromEntries(Object.entries(values).filter(([field]) => !broken.has(field))), broken, faults }
}

const emptyTier: Fault = {
  code: 'selector-empty',
  message: 'the selector is empty',
  fix: "name the pods' labels, or leave selector out and annotate workloads",
}

function readPortFields({ port: number, endPort, protocol }: PortFields): Port {
  if (typeof number === 'string') return { by: 'name', name: number, protocol }
  return { by: 'number', first: number, last: endPort ?? number, protocol }
}

type PeerRead = { readonly value: WrittenPeer } | { readonly path: FieldPath; readonly fault: Fault }

/** A peer object is of exactly one kind; what belongs to another kind is refused beside it. */
export function readPeerFields(fields: PeerFields): PeerRead {
  const kinds: string[] = peerKinds.filter(kind => fields[kind] !== undefined)
  if (fields.podSelector || fields.namespaceSelector) kinds.push('podSelector/namespaceSelector')
  const [kind, ...others] = kinds
  if (kind === undefined || others.length > 0)
    return wrong(
      [],
      'apptier-invalid',
      kind ? `the peer is ${kinds.join(' and ')} at once` : 'the peer is of no kind',
      `write one of ${peerKinds.join(', ')}, podSelector and namespaceSelector`,
    )
  for (const [field, of] of [
    ['app', 'tier'],
    ['namespace', 'tier'],
    ['except', 'cidr'],
  ] as const)
    if (fields[field] !== undefined && kind !== of)
      return wrong([field], 'apptier-invalid', `${field} stands beside ${kind}`, `${field} goes with ${of} only`)
  const read = readKind(fields)
  if (!('value' in read)) return read
  const [first, ...more] = sortPorts((fields.ports ?? []).map(readPortFields))
  return { value: first ? { peer: read.value, ports: [first, ...more] } : { peer: read.value } }
}

function readKind(fields: PeerFields): { readonly value: Peer } | { readonly path: FieldPath; readonly fault: Fault } {
  if (fields.tier !== undefined) return readTierPeer(fields.tier, fields)
  if (fields.cidr !== undefined) {
    const block = readBlock(fields.cidr, fields.except ?? [])
    return 'value' in block ? { value: { kind: 'cidr', ...block.value } } : { path: ['cidr'], fault: block.fault }
  }
  if (fields.named !== undefined) return { value: { kind: 'named', name: fields.named } }
  if (fields.anywhere) return { value: { kind: 'anywhere' } }
  if (fields.cluster) return { value: { kind: 'cluster' } }
  if (fields.sameNamespace) return { value: { kind: 'namespace' } }
  if (fields.internet) return { value: { kind: 'internet' } }
  if (fields.kubeApiserver) return { value: { kind: 'kube-apiserver' } }
  return readSelectors(fields)
}

function readTierPeer(tier: string, { app, namespace }: PeerFields): ReturnType<typeof readKind> {
  const inNamespace = namespace === undefined ? {} : { namespace }
  const appName = app === undefined ? undefined : readAppName(app)
  if (appName && 'fault' in appName) return { path: ['app'], fault: appName.fault }
  if (tier === '*')
    return appName
      ? { value: { kind: 'app', app: appName.value, ...inNamespace } }
      : wrong(
          ['tier'],
          'apptier-invalid',
          "tier '*' has no app",
          'name the app whose tiers are meant, or - for the unnamed app',
        )
  const read = readTierName(tier)
  if ('fault' in read) return { path: ['tier'], fault: read.fault }
  return { value: { kind: 'tier', tier: read.value, ...(appName ? { app: appName.value } : {}), ...inNamespace } }
}

/** Empty selectors mean everything; the one that is left is `namespaceSelector: {}` beside a podSelector that says which. */
function readSelectors({ podSelector, namespaceSelector }: PeerFields): ReturnType<typeof readKind> {
  if (podSelector && isEmptySelector(podSelector))
    return wrong(
      ['podSelector'],
      'selector-empty',
      'the podSelector is empty',
      namespaceSelector
        ? 'leave podSelector out'
        : 'write sameNamespace: true for all pods of this namespace, or cluster: true for all pods',
    )
  if (namespaceSelector && isEmptySelector(namespaceSelector) && !podSelector)
    return wrong(
      ['namespaceSelector'],
      'selector-empty',
      'the namespaceSelector is empty',
      'write cluster: true for all pods of all namespaces, or sameNamespace: true for those of this one',
    )
  return {
    value: {
      kind: 'pods',
      ...(podSelector ? { podSelector } : {}),
      ...(namespaceSelector ? { namespaceSelector } : {}),
    },
  }
}

function wrong(path: FieldPath, code: Fault['code'], message: string, fix: string): { path: FieldPath; fault: Fault } {
  return { path, fault: { code, message, fix } }
}
