/** Two texts → the lines that go, come and stay, by Myers' search for the fewest that differ. */

export interface DiffLine {
  /** `gap`: lines that stay and are left out. */
  readonly is: 'same' | 'removed' | 'added' | 'gap'
  readonly text: string
}

/** Lines that stay are shown this far around those that don't. */
const context = 3

/** With more differences than this, nobody reads which line became which: all of it goes and all of it comes. */
const mostDifferences = 600

export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const shorter = Math.min(before.length, after.length) - start
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++
  const middle = diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return leaveOutSame([...before.slice(0, start).map(same), ...middle, ...before.slice(before.length - end).map(same)])
}

const same = (text: string): DiffLine => ({ is: 'same', text })
const removed = (text: string): DiffLine => ({ is: 'removed', text })
const added = (text: string): DiffLine => ({ is: 'added', text })

function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const reached = search(before, after)
  return reached ? walkBack(before, after, reached) : [...before.map(removed), ...after.map(added)]
}

/** By diagonal (lines gone less lines come), how far into `before` one gets; one of these for each number of differences. */
type Reached = ReadonlyMap<number, number>

function search(before: readonly string[], after: readonly string[]): readonly Reached[] | undefined {
  const trail: Reached[] = []
  let last: Reached = new Map([[1, 0]])
  const most = Math.min(before.length + after.length, mostDifferences)
  for (let differences = 0; differences <= most; differences++) {
    const now = new Map<number, number>()
    trail.push(last)
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = comesFromAbove(last, diagonal, differences)
        ? (last.get(diagonal + 1) ?? 0)
        : (last.get(diagonal - 1) ?? 0) + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++
      now.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return trail
    }
    last = now
  }
  return undefined
}

/** By a line that comes, not by one that goes. */
function comesFromAbove(last: Reached, diagonal: number, differences: number): boolean {
  if (diagonal === -differences) return true
  return diagonal !== differences && (last.get(diagonal - 1) ?? -1) < (last.get(diagonal + 1) ?? -1)
}

function walkBack(before: readonly string[], after: readonly string[], trail: readonly Reached[]): DiffLine[] {
  const lines: DiffLine[] = []
  let [x, y] = [before.length, after.length]
  for (let differences = trail.length - 1; differences >= 0; differences--) {
    const last = trail[differences] ?? new Map()
    const diagonal = x - y
    const above = comesFromAbove(last, diagonal, differences)
    const fromX = last.get(above ? diagonal + 1 : diagonal - 1) ?? 0
    const fromY = fromX - (above ? diagonal + 1 : diagonal - 1)
    while (x > fromX && y > fromY) {
      lines.push(same(before[x - 1] ?? ''))
      x--
      y--
    }
    if (differences === 0) break
    lines.push(above ? added(after[y - 1] ?? '') : removed(before[x - 1] ?? ''))
    x = fromX
    y = fromY
  }
  return lines.reverse()
}

function leaveOutSame(lines: readonly DiffLine[]): readonly DiffLine[] {
  const changes = lines.flatMap(({ is }, place) => (is === 'same' ? [] : [place]))
  const shown = new Set(
    changes.flatMap(place => Array.from({ length: 2 * context + 1 }, (_, at) => place - context + at)),
  )
  return lines.flatMap((line, place): DiffLine[] => {
    if (shown.has(place)) return [line]
    const isFirst = place === 0 || shown.has(place - 1)
    return isFirst && changes.length > 0 ? [{ is: 'gap', text: '…' }] : []
  })
}
