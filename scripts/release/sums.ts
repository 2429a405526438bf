/** SHA256SUMS over a folder's files, as `sha256sum --check` reads it. */
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const file = 'SHA256SUMS'

export async function writeSums(folder: string): Promise<string> {
  const lines: string[] = []
  for (const name of readdirSync(folder).sort()) {
    if (name === file) continue
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    lines.push(`${hash.digest('hex')}  ${name}\n`)
  }
  writeFileSync(join(folder, file), lines.join(''))
  return file
}
