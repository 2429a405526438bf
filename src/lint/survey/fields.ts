/** Where a tier's field is written: as an annotation of its workload, or in its AppTier. */
import { annotation } from '../../api/annotations.ts'
import { type Port, writePorts } from '../../api/ports.ts'
import { type ObjectSource, type Source, sourceAt, writeRef } from '../../api/source.ts'
import { annotationPath } from '../../intent/annotations.ts'
import { entriesOf, portsOf } from '../../intent/members.ts'
import type { Member, PeerEntry } from '../../intent/tier.ts'
import { ownEntries, writePeerList } from './peer-list.ts'

export interface FieldName {
  readonly source: ObjectSource
  /** To be pasted. */
  readonly write: (value: string) => string
  readonly none: string
}

export function nameField({ ref }: Pick<Member, 'ref'>, field: 'from' | 'to' | 'ports'): FieldName {
  if (ref.kind === 'AppTier')
    return { source: sourceAt(ref, ['spec', field]), write: value => `${field}: [${value}]`, none: `${field}: []` }
  const key = annotation[field]
  return {
    source: sourceAt(ref, annotationPath(key)),
    write: value => `${key}: ${isPlain(value) ? value : JSON.stringify(value)}`,
    none: `${key}: none`,
  }
}

/** YAML takes it for a text without quotes. */
function isPlain(value: string): boolean {
  return /^[a-z][a-z0-9,./:@* -]*$/i.test(value)
}

/** Who may connect so far, and one more: as an annotation where the list is one, else in the AppTier that has it. */
export function addPeer(
  member: Member,
  peer: string,
  inSpec: string,
): { readonly source: Source; readonly fix: string } {
  const { from, ref } = member
  const soFar = ownEntries(entriesOf(from))
  if (from.is === 'said' && from.because.said === 'object' && from.because.object.kind === 'AppTier')
    return { source: from.because, fix: `add ${inSpec} to spec.from of ${writeRef(from.because.object)}` }
  const { source, write } = nameField(member, 'from')
  const list = ref.kind === 'AppTier' ? [...soFar.map(writePresetPeer), inSpec] : [...soFar.map(writeEntry), peer]
  return { source, fix: `write ${write(list.join(', '))} on ${writeRef(ref)}` }
}

const writeEntry = (entry: PeerEntry) => writePeerList([entry])

/** An AppTier without a list of its own has its preset's. */
function writePresetPeer({ peer }: PeerEntry): string {
  return peer.kind === 'tier' ? `{tier: ${peer.tier}}` : `{${peer.kind}: true}`
}

/** The ports that are accepted so far, and one more. */
export function addPort(member: Member, port: Port): { readonly source: Source; readonly fix: string } {
  const { ports, ref } = member
  if (ports.is === 'said' && ports.because.said === 'object' && ports.because.object.kind === 'AppTier')
    return {
      source: ports.because,
      fix: `add ${writePortField(port)} to spec.ports of ${writeRef(ports.because.object)}`,
    }
  const { source, write } = nameField(member, 'ports')
  const all = [...portsOf(ports), port]
  const list = ref.kind === 'AppTier' ? all.map(writePortField).join(', ') : writePorts(all)
  return { source, fix: `write ${write(list)} on ${writeRef(ref)}` }
}

/** Of single ports and names, never of ranges. */
export function writePortField(port: Port): string {
  const protocol = port.protocol === 'TCP' ? '' : `, protocol: ${port.protocol}`
  return `{port: ${port.by === 'name' ? port.name : port.first}${protocol}}`
}
