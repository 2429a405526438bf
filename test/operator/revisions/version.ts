/** Another version of the operator: a copy of its source in which all policies have other names. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Version {
  /** Its command line. */
  readonly program: string
  readonly remove: () => Promise<void>
}

const root = join(import.meta.dirname, '../../..')
const naming = 'src/policy/name.ts'
const prefix = "const prefix = 'tierwall-'"

/** They begin with `tierwall-WORD-`, the two shared ones as well. */
export async function makeVersion(word: string): Promise<Version> {
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-version-'))
  await cp(join(root, 'src'), join(folder, 'src'), { recursive: true })
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const text = await readFile(join(folder, naming), 'utf8')
  if (text.split(prefix).length !== 2) throw new Error(`${naming} has no one place that says ${prefix}`)
  await writeFile(join(folder, naming), text.replace(prefix, `const prefix = 'tierwall-${word}-'`))
  return {
    program: join(folder, 'src/cli/main.ts'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
