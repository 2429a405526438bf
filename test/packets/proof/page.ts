/** What a run found → docs/proof.md: no times and no addresses, so that the same code gives the same page. */
import { addSums, type Sum } from '../flows/compare.ts'

export interface ProvenCase {
  readonly name: string
  readonly steps: readonly { readonly title: string; readonly sum: Sum }[]
}

export interface Proof {
  readonly cases: readonly ProvenCase[]
  readonly random: { readonly seed: number; readonly runs: number; readonly sum: Sum }
  readonly versions: { readonly kubernetes: string; readonly cilium: string; readonly kernel: string }
}

export function writeProof({ cases, random, versions }: Proof): string {
  const total = addSums(cases.flatMap(({ steps }) => steps.map(({ sum }) => sum)))
  const rows = cases.flatMap(writeRows)
  return `${[
    '# Proof with packets',
    '<!-- Written by `make test-packets` from what it found. -->',
    [
      'Each case is a folder of [test/packets/cases](../test/packets/cases): what people write, and who is declared to reach whom.',
      'It is applied to a real API server, the operator writes the policies, Cilium enforces them, and every pod tries every port',
      'of every other pod and of two machines outside. Of each flow the packets, the evaluator (`tierwall explain`) and what was',
      'declared say the same, save where Cilium is known to differ: [cni.md](cni.md) says how.',
    ].join('\n'),
    `Run with ${writeVersions(versions)}.`,
    writeTable([['case', 'when', 'tried', 'allowed', 'denied', 'Cilium differs'], ...rows, writeRow('all', '', total)]),
    '## Random applications',
    `${random.runs} applications over three namespaces, made from seed ${random.seed}: ${random.sum.tried} flows tried, ${random.sum.allowed} allowed, ${random.sum.denied} denied; Cilium differs in ${countKnown(random.sum)}.`,
    '## Where Cilium differs',
    writeTable([
      ['what', 'flows of the cases', 'of random applications'],
      ...headingsOf(total, random.sum).map(heading => [
        `[${heading}](cni.md#${anchorOf(heading)})`,
        String(total.known[heading] ?? 0),
        String(random.sum.known[heading] ?? 0),
      ]),
    ]),
  ].join('\n\n')}\n`
}

export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}

export function writeRows({ name, steps }: ProvenCase): readonly (readonly string[])[] {
  const link = `[${name.replaceAll('-', ' ')}](../test/packets/cases/${name})`
  return steps.map(({ title, sum }, place) => writeRow(place === 0 ? link : '', title, sum))
}

function writeRow(name: string, title: string, sum: Sum): readonly string[] {
  const known = countKnown(sum)
  return [name, title, ...[sum.tried, sum.allowed, sum.denied].map(String), known === 0 ? '' : String(known)]
}

/** A flow that two differences change together counts for both. */
const countKnown = ({ known }: Sum) => Object.values(known).reduce((all, count) => all + count, 0)

const headingsOf = (...sums: readonly Sum[]) => [...new Set(sums.flatMap(({ known }) => Object.keys(known)))].sort()

export function writeVersions({ kubernetes, cilium, kernel }: Proof['versions']): string {
  return `Kubernetes ${kubernetes}, Cilium ${cilium} and Linux ${kernel}`
}

/** Columns of one width. */
function writeTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const widths = head.map((_, place) => Math.max(3, ...rows.map(row => (row[place] ?? '').length)))
  const write = (row: readonly string[]) =>
    `| ${widths.map((width, place) => (row[place] ?? '').padEnd(width)).join(' | ')} |`
  return [write(head), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...body.map(write)].join('\n')
}
