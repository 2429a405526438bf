/** The job for GitLab of docs/pull-requests.md, its script run as a runner does. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { findBlocks } from '../docs/blocks.ts'
import { readPage } from '../docs/pages.ts'
import { makeFolder } from '../folder.ts'
import { threeTiers } from '../report/shop.ts'
import { makeRepository, runGit } from './repository.ts'

const root = join(import.meta.dirname, '../..')
const shape = z.object({ tierwall: z.looseObject({ script: z.array(z.string()) }) })
const [block] = findBlocks(readPage('docs/pull-requests.md')).filter(({ text }) => text.startsWith('# .gitlab-ci.yml'))
const { script } = shape.parse(parse(block?.text ?? '')).tierwall

function makePrograms(): string {
  const folder = makeFolder()
  const write = (name: string, line: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  write('npm', 'exit 0')
  write('tierwall', `exec '${process.execPath}' '${join(root, 'src/cli/main.ts')}' "$@"`)
  return folder
}

/** Checked out is the head of the branch, as GitLab has it. */
function runJob(before: string, after: string) {
  const expectations = { 'expectations.txt': 'web -> api:5000 allowed\n' }
  const origin = makeRepository({ 'k8s/shop.yaml': before, ...expectations }, { 'k8s/shop.yaml': after })
  const folder = join(makeFolder(), 'shop')
  mkdirSync(folder)
  runGit(folder, 'clone', '--quiet', `file://${origin.folder}`, '.')
  runGit(folder, 'checkout', '--quiet', '--detach', origin.head)
  const env = {
    PATH: `${makePrograms()}:${process.env.PATH}`,
    HOME: folder,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  }
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script.join('\n')], {
    cwd: folder,
    env,
  })
  return { status, plan: () => readFileSync(join(folder, 'plan.md'), 'utf8') }
}

test('the job keeps the plan against the target branch', () => {
  const { status, plan } = runJob(threeTiers, threeTiers.replace('allow-from: "web"', 'allow-from: "web, db"'))
  expect(status).toBe(0)
  expect(plan()).toMatch(/^### Tierwall: 2 to change; 1 flow opens, no flow is cut$/m)
})

test('the job fails for what lint calls an error', () => {
  expect(runJob(threeTiers, threeTiers.replace('"web"', '"Web!"')).status).toBe(1)
})
