/** Who can reach whom as a table, where what has changed since the one before carries a star. */
import type { Paint } from '../src/report/paint.ts'
import { type Door, doors, type Place, places, type Reach, writeWay } from './reach.ts'

const names: Readonly<Record<Place, string>> = {
  web: 'web',
  api: 'api',
  db: 'db',
  stranger: 'a pod in lab',
  outside: 'internet',
}
const corner = 'from \\ to'.padEnd(16)
const gap = 4

const headOf = ({ to, port }: Door) => `${names[to]}:${port}`

export function drawTable(now: Reach, before: Reach, paint: Paint): readonly string[] {
  const drawCell = (from: Place, door: Door): string => {
    const rest = (taken: string) => ' '.repeat(headOf(door).length + gap - taken.length)
    if (from === door.to) return `${paint('faint', '-')}${rest('-')}`
    const way = writeWay(from, door)
    const isOpen = now.has(way)
    const word = isOpen ? 'open' : 'shut'
    if (isOpen === before.has(way)) return `${word}${rest(word)}`
    const changed = `${word} *`
    return `${paint(isOpen ? 'good' : 'bad', changed)}${rest(changed)}`
  }
  const head = `${corner}${doors.map(headOf).join(' '.repeat(gap))}`
  const rows = places.map(from => {
    return `${names[from].padEnd(corner.length)}${doors.map(door => drawCell(from, door)).join('')}`
  })
  return [paint('strong', head), ...rows]
}
