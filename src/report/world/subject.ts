/** What a person named, as ends of connections: pods or addresses, which all have to agree. */
import type { NonEmpty } from '../../api/ports.ts'
import { type ObjectRef, writeRef } from '../../api/source.ts'
import type { End } from '../../evaluate/index.ts'
import type { Member } from '../../intent/tier.ts'
import type { WorldPod } from './pods.ts'

export interface SubjectEnd {
  readonly end: End
  readonly label: string
  readonly members: readonly Member[]
  /** The Pod or workload; an address has none. */
  readonly ref?: ObjectRef
}

export interface Subject {
  /** As the user wrote it. */
  readonly text: string
  readonly is: 'object' | 'tier' | 'anywhere' | 'address'
  readonly ends: NonEmpty<SubjectEnd>
  /** The tier that was named: its ports count as declared. */
  readonly tier: readonly Member[]
  /** Its pods may have siblings that are made alike, so one of them speaks for two. */
  readonly hasSiblings: boolean
}

export function endOf({ end, ref, members }: WorldPod): SubjectEnd {
  return { end, ref, members, label: writeRef(ref) }
}

/** The tiers of all the ends, each once. */
export function membersOf({ ends, tier }: Subject): readonly Member[] {
  return [...new Set([...tier, ...ends.flatMap(({ members }) => members)])]
}
