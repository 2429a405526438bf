/** A folder of programs for one test: `tierwall` as it is here, Node.js and npm. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from './working-copy.ts'

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A PATH that begins with them. */
export function makePath(): string {
  const folder = makeFolder()
  const own = join(folder, 'tierwall')
  writeFileSync(own, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src/cli/main.ts')}' "$@"\n`)
  chmodSync(own, 0o755)
  // nodeenv looks for `nodejs` first.
  for (const name of ['node', 'nodejs']) symlinkSync(process.execPath, join(folder, name))
  return [folder, process.env.PATH].join(delimiter)
}
