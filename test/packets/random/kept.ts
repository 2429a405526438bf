/** Applications that once differed, kept as the picks they were built of; every run plays them first. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppPick } from './picks.ts'

const folder = join(import.meta.dirname, 'kept')

export interface Kept {
  readonly name: string
  readonly pick: AppPick
}

export function readKept(): readonly Kept[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => ({ name, pick: JSON.parse(readFileSync(join(folder, name), 'utf8')) }))
}

/** Under a name that says where it comes from; whoever commits it gives it one that says what it shows. */
export function keep({ name, pick }: Kept): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name.replaceAll(/[^a-z0-9]+/g, '-')}.json`)
  writeFileSync(file, `${JSON.stringify(pick, undefined, 2)}\n`)
  return file
}
