/** The entry that a person would write into a member's `from` or `to`, spelt as that place wants it. */
import { annotation, namespaceNameLabel } from '../../api/annotations.ts'
import { type Peer, type WrittenPeer, writePeerWithPorts } from '../../api/peers.ts'
import { type Port, portOnWire } from '../../api/ports.ts'
import { type Source, writeRef } from '../../api/source.ts'
import type { Field, Member, PeerEntry } from '../../intent/tier.ts'
import { onOneLine } from '../one-line.ts'
import { annotationOf, type Locate, type Quoter, writePlace } from '../quote.ts'

export interface PlaceToWrite {
  readonly quote: Quoter
  readonly locate: Locate
}

export function adviseEntry(
  member: Member,
  side: 'from' | 'to',
  entry: WrittenPeer,
  { quote, locate }: PlaceToWrite,
): string {
  const field = member[side]
  const owner = writeRef(member.ref)
  if (field.is === 'broken')
    return `correct the errors in ${side === 'from' ? 'who may connect to' : 'where to connect from'} ${owner} first`
  const source = field.is === 'said' && field.because.said === 'object' ? field.because : undefined
  const at = (said: Source) => {
    const place = locate(said)
    return place ? ` (${writePlace(place)})` : ''
  }
  if (source && annotationOf(source.path) !== undefined) {
    const written = quote(source).text?.trim() ?? ''
    const entryText = writePeerWithPorts(entry)
    const value = written === 'none' || written === '' ? entryText : `${written}, ${entryText}`
    return `add ${entryText} to ${annotation[side]} of ${owner}${at(source)}: ${onOneLine(JSON.stringify(value))}`
  }
  if (source) return `add ${writeFields(entry)} to spec.${side} of ${writeRef(source.object)}${at(source)}`
  // A field that is written takes the preset's place, so what the preset gave is repeated.
  const kept = ownEntries(field)
  if (member.ref.kind === 'AppTier')
    return `write spec.${side}: [${[...kept, entry].map(writeFields).join(', ')}] into ${owner}${at(member.because)}`
  const list = [...kept, entry].map(writePeerWithPorts).join(', ')
  return `write ${annotation[side]}: "${list}" on ${owner}${at(member.because)}`
}

function ownEntries(field: Exclude<Field<readonly PeerEntry[]>, { is: 'broken' }>): readonly PeerEntry[] {
  return field.value.filter(({ origin }) => origin !== 'baseline')
}

/** As AppTier spells it. */
function writeFields({ peer, ports }: WrittenPeer): string {
  const fields = fieldsOf(peer)
  return `{${[...fields, ...(ports ? [`ports: [${ports.map(writePortFields).join(', ')}]`] : [])].join(', ')}}`
}

function writePortFields(port: Port): string {
  const { protocol, port: number, endPort } = portOnWire(port)
  const more = [
    ...(endPort === undefined ? [] : [`endPort: ${endPort}`]),
    ...(protocol === 'TCP' ? [] : [`protocol: ${protocol}`]),
  ]
  return `{${[`port: ${number}`, ...more].join(', ')}}`
}

function fieldsOf(peer: Peer): readonly string[] {
  switch (peer.kind) {
    case 'tier':
      return [
        `tier: ${peer.tier}`,
        ...(peer.app === undefined ? [] : [`app: ${peer.app === '' ? "'-'" : peer.app}`]),
        ...(peer.namespace === undefined ? [] : [`namespace: ${peer.namespace}`]),
      ]
    case 'cidr':
      return [`cidr: ${peer.cidr}`]
    case 'pods-of':
      return [`namespaceSelector: {matchLabels: {${namespaceNameLabel}: ${peer.namespace}}}`]
    case 'namespace':
      return ['sameNamespace: true']
    default:
      return [`${peer.kind}: true`]
  }
}
