import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { makeFolder } from '../folder.ts'
import { action } from './run.ts'

const root = join(import.meta.dirname, '../..')
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

/** What npm is asked for, by an npm that only says so. */
function install(wanted: string): readonly string[] {
  const folder = makeFolder()
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\nprintf "%s\\n" "$@"\n')
  chmodSync(join(folder, 'npm'), 0o755)
  const step = action.runs.steps.find(({ run = '' }) => run.includes('install.sh'))
  const env = {
    PATH: [folder, dirname(process.execPath), process.env.PATH].join(':'),
    GITHUB_ACTION_PATH: join(root, 'action'),
    RUNNER_TEMP: '/tmp/runner',
    TIERWALL_VERSION: wanted,
  }
  return execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    env,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
}

test.each([
  ['', version],
  ['0.3.1', '0.3.1'],
])('version %j installs %s, and runs no script of any package', (wanted, installed) => {
  const words = install(wanted)
  expect(words.slice(0, 3)).toEqual(['install', '--prefix', '/tmp/runner/tierwall'])
  expect(words).toContain('--ignore-scripts')
  expect(words.at(-1)).toBe(`tierwall@${installed}`)
})
