/** What the image holds, asked of the only program in it. */
import { inject } from 'vitest'
import { z } from 'zod'
import { docker } from '../../scripts/image/make/docker.ts'

const image = inject('image')

/** As hard as a container can be held. */
export const held = ['--network=none', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges']

/** Of all files, from the image itself. */
export async function listFiles(): Promise<
  readonly { readonly path: string; readonly mode: number; readonly link: boolean }[]
> {
  const script = `
    const fs = require('node:fs')
    const skipped = new Set(['/proc', '/sys', '/dev'])
    const walk = folder => fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
      const path = folder + (folder === '/' ? '' : '/') + entry.name
      const here = { path, mode: fs.lstatSync(path).mode & 0o7777, link: entry.isSymbolicLink() }
      return skipped.has(path) ? [] : [here, ...(entry.isDirectory() ? walk(path) : [])]
    })
    console.log(JSON.stringify(walk('/')))`
  const out = await docker(['run', '--rm', ...held, '--entrypoint', '/nodejs/bin/node', image.name, '-e', script])
  return z.array(z.object({ path: z.string(), mode: z.number(), link: z.boolean() })).parse(JSON.parse(out))
}

export async function readInside(path: string): Promise<string> {
  const script = `process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(path)}))`
  return docker(['run', '--rm', ...held, '--entrypoint', '/nodejs/bin/node', image.name, '-e', script])
}
