import { type Port, writePorts } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { writeRef } from '../api/source.ts'
import type { AppTierIntent } from '../intent/apptiers.ts'
import { type Field, type Member, type PeerEntry, writeKey } from '../intent/tier.ts'
import { nameField } from './survey/fields.ts'
import type { Survey } from './survey/index.ts'
import { meaningOfPeers, meaningOfPorts } from './survey/meaning.ts'
import { fitsAnnotation, ownEntries, writePeerList } from './survey/peer-list.ts'

/** An annotation says other than the AppTier of its tier. */
export function sourcesDisagree({ decision }: Survey): Problem[] {
  const { appTiers } = decision.intent
  return decision.graph.members.flatMap(member => {
    const appTier = appTiers.get(writeKey(member.key))
    return appTier ? compareFields(member, appTier) : []
  })
}

function compareFields(member: Member, appTier: AppTierIntent): Problem[] {
  return [
    ...compare('ports', member, appTier, portsWriting, value => meaningOfPorts(value, member)),
    ...compare('from', member, appTier, peersWriting, value => meaningOfPeers(value, 'from', member)),
    ...compare('to', member, appTier, peersWriting, value => meaningOfPeers(value, 'to', member)),
  ]
}

type FieldName = 'ports' | 'from' | 'to'
type ValueOf<F extends FieldName> = Extract<Member[F], { is: 'said' }>['value']

interface Writing<T> {
  readonly write: (value: T) => string
  readonly fitsAnnotation: (value: T) => boolean
}

const portsWriting: Writing<readonly Port[]> = {
  write: ports => writePorts(ports) || 'none',
  fitsAnnotation: () => true,
}

const peersWriting: Writing<readonly PeerEntry[]> = {
  write: entries => writePeerList(ownEntries(entries)) || 'none',
  fitsAnnotation,
}

function compare<F extends FieldName>(
  name: F,
  member: Member,
  appTier: AppTierIntent,
  writing: Writing<ValueOf<F>>,
  meaningOf: (value: ValueOf<F>) => string,
): Problem[] {
  const near = saidIn<ValueOf<F>>(member[name])
  const far = saidIn<ValueOf<F>>(appTier[name])
  if (near === undefined || far === undefined) return []
  // What the AppTier itself gave the member is the same on both sides.
  if (meaningOf(near) === meaningOf(far)) return []
  const field = nameField(member, name)
  const [here, there] = [writing.write(near), writing.write(far)]
  return [
    problemAt(
      field.source,
      'sources-disagree',
      `${writeRef(member.ref)} says '${here}', ${writeRef(appTier.ref)} says '${there}': the annotation counts`,
      writing.fitsAnnotation(far)
        ? `take the annotation away, or write ${field.write(there)}`
        : 'take the annotation away',
    ),
  ]
}

function saidIn<T>(field: Field<T> | undefined): T | undefined {
  return field?.is === 'said' ? field.value : undefined
}
