/** Findings → one screen for people, JSON for scripts. */
import { onOneLine } from '../report/one-line.ts'
import type { Meaning, Paint } from '../report/paint.ts'
import type { Finding, Verdict } from './finding.ts'

export interface Diagnosis {
  readonly server: string
  readonly findings: readonly Finding[]
}

export type Writer = (diagnosis: Diagnosis, paint: Paint) => string

const meanings: Readonly<Record<Verdict, Meaning>> = { ok: 'good', warn: 'doubtful', fail: 'bad' }

export const diagnosisAsText: Writer = ({ server, findings }, paint) =>
  [paint('faint', onOneLine(server)), ...findings.map(finding => writeLine(finding, paint))]
    .map(line => `${line}\n`)
    .join('')

function writeLine({ check, verdict, what, why, fix }: Finding, paint: Paint): string {
  const advice = [why, fix].filter(text => text !== undefined).join('; ')
  const line = `${paint('strong', `${check}:`)} ${onOneLine(what)}${advice === '' ? '' : ` — ${onOneLine(advice)}`}`
  return `${paint(meanings[verdict], verdict)}${' '.repeat(6 - verdict.length)}${line}`
}

export const diagnosisAsJson: Writer = ({ server, findings }) =>
  `${JSON.stringify({ server, findings, count: countVerdicts(findings) }, undefined, 2)}\n`

export type VerdictCount = Readonly<Record<Verdict, number>>

export function countVerdicts(findings: readonly Finding[]): VerdictCount {
  const count = { ok: 0, warn: 0, fail: 0 }
  for (const { verdict } of findings) count[verdict]++
  return count
}
