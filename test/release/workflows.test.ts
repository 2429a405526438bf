import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { run } from '../../src/controlplane/run.ts'
import { buildToolsFirst, needTool } from './tools.ts'

buildToolsFirst()

const root = join(import.meta.dirname, '../..')
const folder = join(root, '.github/workflows')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const files = readdirSync(folder)
const texts = [...files.map(name => `.github/workflows/${name}`), 'action/action.yml'].map(
  path => [path, read(path)] as const,
)

const permissions = z.record(z.string(), z.enum(['read', 'write']))
const workflow = z.looseObject({
  permissions,
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: permissions.optional(),
      strategy: z.object({ matrix: z.object({ target: z.array(z.string()) }) }).optional(),
      steps: z.array(z.looseObject({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
})
const workflows = files.map(name => [name, workflow.parse(parse(read(`.github/workflows/${name}`)))] as const)

describe('the workflows', () => {
  test('are what GitHub can read, as actionlint knows it', async ({ skip }) => {
    const actionlint = await needTool('actionlint', skip)
    const paths = files.map(name => join(folder, name))
    // What is in the way of shell scripts differs from machine to machine.
    expect(await run(actionlint, ['-no-color', '-shellcheck=', '-pyflakes=', ...paths], { cwd: root })).toEqual({
      stdout: '',
    })
  })

  test.each(texts)('%s pins each action by commit, and says which version that is', (_, text) => {
    const uses = [...text.matchAll(/uses: (?!\.\/)(.*)$/gm)].map(([, action = '']) => action)
    expect(uses.filter(action => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([])
  })

  test.each(texts)('%s puts nothing that people say into a script', (_, text) => {
    const steps = [...text.matchAll(/^( *)(?:- )?run: (?:\|\n((?:\1 .*\n|\n)+)|(.*))/gm)]
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.map(([script]) => script).filter(script => script.includes('${{'))).toEqual([])
  })

  test.each(workflows)('%s may read, and each job no more than it writes', (_, { permissions, jobs }) => {
    expect(permissions).toEqual({ contents: 'read' })
    for (const { permissions: own = {}, steps } of Object.values(jobs)) {
      const writes = Object.values(own).includes('write')
      const builds = steps.some(({ run = '' }) => /\bmake\b/.test(run))
      expect(writes && builds).toBe(false)
    }
  })

  test('push the image to where the manifests look for it', () => {
    const [, image = ''] = /^ +IMAGE: (\S+)$/m.exec(read('.github/workflows/release.yml')) ?? []
    expect(read('config/base/kustomization.yaml')).toContain(`newName: ${image}\n`)
    expect(read('chart/values.yaml')).toContain(`repository: ${image}\n`)
  })

  test('test what .ci/run tests', () => {
    const [, listed = ''] = /for target in (.*); do/.exec(read('.ci/run')) ?? []
    const ci = workflows.find(([name]) => name === 'ci.yml')?.[1]
    expect(ci?.jobs.test?.strategy?.matrix.target.toSorted()).toEqual(listed.split(' ').sort())
  })
})
