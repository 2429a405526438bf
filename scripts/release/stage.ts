/** Copies of the files that Git knows, as they are now: nothing that only lies about gets into a release. */
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { must } from './must.ts'

/** What a release is built from. Of `node_modules` there is only a link. */
export async function stage(root: string, folder: string): Promise<void> {
  await copyKnown(root, folder, isWanted)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

export async function copyKnown(
  root: string,
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  const listed = await must('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  // A file that was taken away is listed until that is committed.
  const isThere = (path: string) => path !== '' && existsSync(join(root, path))
  for (const path of listed.split('\0').filter(path => isThere(path) && isWanted(path))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true, force: true })
  }
}

const tops = ['chart', 'crds', 'docs', 'src']

/** Tests are no part of what is released, nor is what builds it. */
function isWanted(path: string): boolean {
  const [top = '', ...below] = path.split('/')
  return below.length === 0 || tops.includes(top)
}
