/** What became of a story's requests, for people. */
import { type Count, type Edit, openWithin, shutWithin } from './judge.ts'

export function countsAsText(edits: readonly Edit[], counts: readonly Count[]): string {
  const rows = edits.flatMap(({ name }, index) => {
    const count = counts[index]
    if (!count) return []
    const { intended, lost, unintended, breached, passed, slowest } = count
    return [
      [
        name,
        `${intended}`,
        `${lost}`,
        `${unintended}`,
        `${breached}`,
        `${passed}`,
        passed ? `${slowest.toFixed(0)} ms` : '',
      ],
    ]
  })
  const table = [['edit', 'intended', 'lost', 'unintended', 'through', 'in time', 'slowest'], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0))) ?? []
  const lines = table.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
  return [
    ...lines,
    `intended: open before and after; a flow that an edit opens counts ${openWithin / 1_000} s after it`,
    `through: later than ${shutWithin / 1_000} s after the edit that shuts it; in time: sooner`,
  ].join('\n')
}
