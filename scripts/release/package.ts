/** The npm package, built from the staged sources alone. The same sources give the same bytes: npm sets all times to one. */
import { spawnSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { must } from './must.ts'

const packed = z.looseObject({ filename: z.string() })
/** A list of one up to npm 10, and by name since. */
const answer = z.union([z.tuple([packed]), z.record(z.string(), packed).transform(all => Object.values(all))])

export async function packPackage(staged: string, folder: string, name: string): Promise<string> {
  const compiler = join(staged, 'node_modules/typescript/bin/tsc')
  // What it has against the sources it says itself.
  const words = [compiler, '-p', join(staged, 'tsconfig.build.json')]
  const { status } = spawnSync(process.execPath, words, { cwd: staged, stdio: 'inherit' })
  if (status !== 0) throw new Error('the sources do not compile')
  // It is built already.
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const [made] = answer.parse(JSON.parse(await must('npm', packing, { cwd: staged })))
  if (made === undefined) throw new Error('npm pack made nothing')
  renameSync(join(folder, made.filename), join(folder, name))
  return name
}
