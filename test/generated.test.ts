import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from '../scripts/generated.ts'

test.each(generatedFiles)('$path is what `npm run generate` writes', async ({ path, write }) => {
  const text = await readFile(join(import.meta.dirname, '..', path), 'utf8').catch(() => '')
  expect(text === write(), `${path} is not current: run \`npm run generate\` and commit what it writes`).toBe(true)
})
