/** A folder of programs for one test: `tierwall` as it is here, Node.js and npm. */
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { makeFolder } from '../folder.ts'
import { root } from './working-copy.ts'

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
