/** What clients saw while people edited, against what each edit was to mean: losses, breaches, and how long shutting took. */

export interface Sample {
  /** Milliseconds, when it was sent. */
  readonly at: number
  readonly took: number
  readonly answered: boolean
}

/** Between its first write and its last, either what was before or what comes after may be seen. */
export interface Edit {
  readonly name: string
  readonly began: number
  readonly ended: number
  /** Flows that are open from then on; all others are shut. */
  readonly open: ReadonlySet<string>
}

export interface Count {
  /** Of flows that were open before and after. */
  readonly intended: number
  readonly lost: number
  /** Of flows that were to be shut. */
  readonly unintended: number
  /** Later than it may take. */
  readonly breached: number
  /** In time still: the operator's and the CNI's own delay. */
  readonly passed: number
  /** Milliseconds from the edit's end to the last that passed. */
  readonly slowest: number
}

/** Milliseconds after an edit. */
export const shutWithin = 1_000
/** Longer than shutting, since no promise is made here: just when the next edit may count on it. */
export const openWithin = 3_000

const nothing: Count = { intended: 0, lost: 0, unintended: 0, breached: 0, passed: 0, slowest: 0 }

/** By edit: what was seen from its beginning to the next one's. The first edit is how it all stood. */
export function judge(edits: readonly Edit[], samples: ReadonlyMap<string, readonly Sample[]>): readonly Count[] {
  const counts = edits.map(() => nothing)
  for (const [flow, seen] of samples)
    for (const sample of seen) {
      const index = lastBegun(edits, sample.at)
      const before = counts[index]
      if (before) counts[index] = count(before, sample, flow, edits)
    }
  return counts
}

function count(before: Count, { at, took, answered }: Sample, flow: string, edits: readonly Edit[]): Count {
  const isOpen = (edit: Edit) => edit.open.has(flow)
  const until = lastBegun(edits, at + took)
  const mayBe = edits.slice(lastDone(edits, at, openWithin), until + 1)
  if (mayBe.every(isOpen)) {
    const isLost = !answered
    return { ...before, intended: before.intended + 1, lost: before.lost + (isLost ? 1 : 0) }
  }
  const shutBy = edits[lastBegun(edits, at)]
  const mustBe = edits.slice(lastDone(edits, at, shutWithin), until + 1)
  if (mustBe.some(isOpen)) {
    if (!answered || shutBy === undefined || isOpen(shutBy) || at < shutBy.ended) return before
    return { ...before, passed: before.passed + 1, slowest: Math.max(before.slowest, at - shutBy.ended) }
  }
  return {
    ...before,
    unintended: before.unintended + 1,
    breached: before.breached + (answered ? 1 : 0),
  }
}

/** What was the last edit that had begun. */
function lastBegun(edits: readonly Edit[], at: number): number {
  return Math.max(
    0,
    edits.findLastIndex(({ began }) => began <= at),
  )
}

/** What was the last edit that everything must have taken in. */
function lastDone(edits: readonly Edit[], at: number, within: number): number {
  return Math.max(
    0,
    edits.findLastIndex(({ ended }) => ended + within <= at),
  )
}
