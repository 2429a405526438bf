/** Writes every generated file that is not current. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedFiles } from './generated.ts'

const root = join(import.meta.dirname, '..')

for (const { path, write } of generatedFiles) {
  const file = join(root, path)
  const text = write()
  const isCurrent = readIfThere(file) === text
  if (!isCurrent) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  console.log(`${path}: ${isCurrent ? 'current' : 'written'}`)
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
