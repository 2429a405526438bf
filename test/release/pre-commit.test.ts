/** The hooks in the real pre-commit, which installs Tierwall from a clone of this repository as users' machines do. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { findBlocks } from '../docs/blocks.ts'
import { readPage } from '../docs/pages.ts'
import { makeFolder } from '../folder.ts'
import { type Outcome, runProgram } from '../program.ts'
import { threeTiers } from '../report/shop.ts'
import { needPreCommit } from './pre-commit.ts'
import { makePath } from './programs.ts'
import { copyRepository, type WorkingCopy } from './working-copy.ts'

let copy: WorkingCopy
beforeAll(async () => {
  copy = await copyRepository()
})
afterAll(() => copy.clear())

const shape = z.object({
  repos: z.tuple([z.object({ repo: z.string(), rev: z.string(), hooks: z.array(z.looseObject({ id: z.string() })) })]),
})
const [shown] = findBlocks(readPage('docs/pull-requests.md')).filter(({ text }) => text.includes('.pre-commit-config'))

/**
 * npm without the fix of npm/cli#9406 unpacks a Git dependency and prepares it at the same time in the same folder, and
 * fails now and then. docs/pull-requests.md tells users to run it again, as is done here.
 */
async function untilInstalled(commit: () => Promise<Outcome>): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const outcome = await commit()
    if (tries === 3 || !/CalledProcessError: .*npm', 'install'/.test(outcome.stdout)) return outcome
  }
}

test('the hooks that the page shows lint and verify what is committed', { timeout: 600_000 }, async ({ skip }) => {
  const preCommit = await needPreCommit(skip)
  const { repos } = shape.parse(parse(shown?.text ?? ''))
  const rev = (await copy.git('rev-parse', 'HEAD')).trim()
  const [folder, home] = [makeFolder(), makeFolder()]
  // What npm has downloaded before need not come again.
  const npm = { npm_config_cache: join(process.env.HOME ?? '', '.npm') }
  const env = { ...process.env, ...npm, HOME: home, PRE_COMMIT_HOME: home, PATH: makePath(), NO_COLOR: '1' }
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const commit = async () => {
    await runProgram('git', ['add', '--all'], { cwd: folder, env })
    return preCommit(['run', '--all-files', '--color', 'never'], { cwd: folder, env })
  }
  await runProgram('git', ['init', '--quiet'], { cwd: folder, env })
  mkdirSync(join(folder, 'k8s'))
  write('.pre-commit-config.yaml', stringify({ repos: [{ ...repos[0], repo: copy.folder, rev }] }))
  write('expectations.txt', 'web -> api:5000 allowed\nweb -> db:3306 denied\n')
  write('k8s/shop.yaml', threeTiers)
  const fine = await untilInstalled(commit)
  expect(fine.stdout, fine.stdout).toMatch(/tierwall lint\.+Passed\ntierwall verify\.+Passed\n$/)
  expect(fine.code).toBe(0)

  write('k8s/shop.yaml', threeTiers.replace('"api"', '"Api!"'))
  const broken = await commit()
  expect(broken.code).toBe(1)
  expect(broken.stdout).toMatch(/tierwall lint\.+Failed\n- hook id: tierwall-lint\n- exit code: 1\n/)
  expect(broken.stdout).toMatch(/^k8s\/shop\.yaml:\d+:\d+: error tier-invalid: 'Api!'/m)
  expect(broken.stdout).toMatch(/tierwall verify\.+Failed/)
})
