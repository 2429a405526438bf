/** docs/proof.md against what a run found: it must be current, and where it is not it is written. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../../../docs/proof.md')

/** The machine's versions are its own; all else is the code's. */
const withoutVersions = (text: string) => text.replace(/^Run with .*$/m, '')

export function readProof(): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

export function isCurrent(text: string): boolean {
  return withoutVersions(readProof()) === withoutVersions(text)
}

export function replaceProof(text: string): void {
  writeFileSync(file, text)
}
