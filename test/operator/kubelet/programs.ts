/** Programs that stand in for those of an image. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder, with a file for each program. */
export function writePrograms(folder: string, programs: Readonly<Record<string, string>>): string {
  mkdirSync(folder)
  for (const [name, text] of Object.entries(programs)) {
    const file = join(folder, name)
    writeFileSync(file, text)
    chmodSync(file, 0o755)
  }
  return folder
}
