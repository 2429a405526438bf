/** Every port that a tier or one of its `from` entries names: where that stands, for whom, and how another would be written. */
import { annotation } from '../../api/annotations.ts'
import { specSchema } from '../../api/apptier-schema.ts'
import { limits } from '../../api/limits.ts'
import { writePeer } from '../../api/peers.ts'
import { type Port, readPort, splitList, writePort, writePorts } from '../../api/ports.ts'
import { type ObjectSource, type Source, sourceAt, writeRef, writeSource } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import { annotationPath } from '../../intent/annotations.ts'
import { entriesOf } from '../../intent/members.ts'
import { refOf } from '../../intent/snapshot.ts'
import type { Member, PeerEntry } from '../../intent/tier.ts'
import { writePortField } from './fields.ts'
import { writePeerList } from './peer-list.ts'

export interface PortClaim {
  readonly port: Port
  /** In messages: `the preset's port 80`, `port metrics for @monitoring`. */
  readonly text: string
  readonly source: Source
  /** One field of an AppTier speaks for several workloads, the configuration's baseline for all. */
  readonly members: readonly Member[]
  /** All ports of the list that it stands in. */
  readonly list: readonly Port[]
  /** What to write where another port is meant. */
  readonly rewrite: (port: Port) => string
}

type LoneClaim = Omit<PortClaim, 'members'>

export function gatherPortClaims(decision: Decision): readonly PortClaim[] {
  const texts = gatherTexts(decision)
  const claims = new Map<string, { claim: LoneClaim; members: Member[] }>()
  for (const member of decision.graph.members)
    for (const claim of [...claimsOfTier(member, texts), ...claimsOfPeers(member, decision)]) {
      const span = claim.source.said === 'object' ? (claim.source.span ?? []) : []
      const key = [writeSource(claim.source), ...span, writePort(claim.port)].join(' ')
      const known = claims.get(key)
      if (known) known.members.push(member)
      else claims.set(key, { claim, members: [member] })
    }
  return [...claims.values()].map(({ claim, members }) => ({ ...claim, members }))
}

/** What people wrote, by object: lists of values have lost the places of their entries. */
interface Texts {
  readonly portsAnnotation: ReadonlyMap<string, string>
  readonly appTierSpec: ReadonlyMap<string, unknown>
}

function gatherTexts({ snapshot }: Decision): Texts {
  return {
    portsAnnotation: new Map(
      snapshot.workloads.flatMap(workload => {
        const text = workload.metadata.annotations[annotation.ports]
        return text === undefined ? [] : [[writeRef(refOf(workload)), text] as const]
      }),
    ),
    appTierSpec: new Map(snapshot.appTiers.map(object => [writeRef(refOf(object)), object.spec])),
  }
}

function claimsOfTier(member: Member, texts: Texts): LoneClaim[] {
  const { ports } = member
  if (ports.is !== 'said') return []
  const { value, because } = ports
  if (because.said !== 'object')
    return value.map(port => ({
      port,
      text: `the preset's port ${writePort(port)}`,
      source: placeOfPorts(member),
      list: value,
      rewrite: writeFor(member),
    }))
  return value.map(port => ({
    port,
    text: `port ${writePort(port)}`,
    source: placeOfPort(port, because, texts),
    list: value,
    rewrite: other => {
      if (because.object.kind === 'AppTier') return writePortField(other)
      return writeAnnotation(value.map(one => (one === port ? other : one)))
    },
  }))
}

/** Where a preset speaks: the tier itself, or the AppTier's field that could say otherwise. */
function placeOfPorts({ ref, because }: Member): Source {
  return ref.kind === 'AppTier' ? sourceAt(ref, ['spec', 'ports']) : because
}

function writeFor({ ref }: Member): PortClaim['rewrite'] {
  return port => (ref.kind === 'AppTier' ? `ports: [${writePortField(port)}]` : writeAnnotation([port]))
}

function writeAnnotation(ports: readonly Port[]): string {
  return `${annotation.ports}: "${writePorts(ports)}"`
}

function placeOfPort(port: Port, field: ObjectSource, texts: Texts): Source {
  const object = writeRef(field.object)
  if (field.object.kind === 'AppTier') {
    const index = indexInSpec(port, texts.appTierSpec.get(object))
    return index < 0 ? field : sourceAt(field.object, [...field.path, index])
  }
  const { entries } = splitList(texts.portsAnnotation.get(object) ?? '', 'ports', limits.ports)
  const entry = entries === 'none' ? undefined : entries.find(({ text }) => isPort(text, port))
  return sourceAt(field.object, annotationPath(annotation.ports), entry?.span)
}

function isPort(text: string, port: Port): boolean {
  const read = readPort(text)
  return 'value' in read && writePort(read.value) === writePort(port)
}

function indexInSpec(port: Port, spec: unknown): number {
  const read = specSchema.shape.ports.safeParse(
    typeof spec === 'object' && spec !== null && 'ports' in spec ? spec.ports : undefined,
  )
  return (read.data ?? []).findIndex(({ port: number, endPort, protocol }) => {
    if (protocol !== port.protocol) return false
    return port.by === 'name' ? number === port.name : number === port.first && (endPort ?? number) === port.last
  })
}

/** A peer's own ports take the place of the tier's; a named peer may bring them. */
function claimsOfPeers(member: Member, { snapshot }: Decision): LoneClaim[] {
  return entriesOf(member.from).flatMap(entry => {
    const { peer, ports } = entry
    if (ports) return ports.map(port => claimOfPeer(port, ports, entry))
    if (peer.kind !== 'named') return []
    const brought = (snapshot.configuration.peers.get(peer.name) ?? []).flatMap(({ ports = [] }) => ports)
    return brought.map(port => claimOfPeer(port, [port], entry))
  })
}

function claimOfPeer(port: Port, list: readonly Port[], { peer, ports, because }: PeerEntry): LoneClaim {
  const inSpec = because.said === 'object' && because.path[0] === 'spec'
  return {
    port,
    text: `port ${writePort(port)} for ${writePeer(peer)}`,
    source: inSpec && ports ? { ...because, path: [...because.path, 'ports'] } : because,
    list,
    rewrite: other => {
      if (inSpec) return ports ? writePortField(other) : `ports: [${writePortField(other)}]`
      const [first = other, ...more] = list.map(one => (one === port ? other : one))
      return writePeerList([{ peer, ports: [first, ...more] }])
    },
  }
}
