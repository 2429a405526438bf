/** A configuration file that tests change under the eyes of a running operator. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'

export interface ChangingFile {
  readonly path: string
  /** In place, as an editor does. */
  readonly write: (configuration: unknown) => void
  readonly writeText: (text: string) => void
  /** As the kubelet brings a changed ConfigMap: in a folder of its own, to which a link is turned. */
  readonly turnLink: (configuration: unknown) => void
  readonly remove: () => void
  /** With its folder. */
  readonly clear: () => void
}

export function makeChangingFile(configuration: unknown): ChangingFile {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-'))
  const path = join(folder, 'config.yaml')
  const writeText = (text: string) => writeFileSync(path, text)
  writeText(stringify(configuration))
  return {
    path,
    writeText,
    write: next => writeText(stringify(next)),
    turnLink(next) {
      const name = randomUUID()
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'config.yaml'), stringify(next))
      symlinkSync(join(name, 'config.yaml'), join(folder, `${name}.link`))
      renameSync(join(folder, `${name}.link`), path)
    },
    remove: () => rmSync(path),
    clear: () => rmSync(folder, { recursive: true }),
  }
}
