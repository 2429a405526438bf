import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) })),
})

test('package-lock.json has an entry for every platform’s package, or `npm ci` refuses it', () => {
  const text = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')
  const { packages } = lockFile.parse(JSON.parse(text))
  const missing = Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.keys(optionalDependencies).filter(name => !Object.keys(packages).some(path => path.endsWith(`/${name}`))),
  )
  const message = (name: string) => `${name} is missing: a registry did not know it; add an entry like its neighbours’`
  expect(missing.map(message)).toEqual([])
})
