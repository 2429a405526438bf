/** `tierwall fn` in the real kustomize, as docs/pull-requests.md shows it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { readPage } from '../docs/pages.ts'
import { readSteps } from '../docs/steps.ts'
import { makeFolder } from '../folder.ts'
import { runProgram } from '../program.ts'
import { makePath } from './programs.ts'
import { buildToolsFirst, needTool } from './tools.ts'

buildToolsFirst()

const steps = readSteps(readPage('docs/pull-requests.md'))
const files = steps.flatMap(step => (step.does === 'file' && step.name.startsWith('k8s/') ? [step] : []))
const command = steps.flatMap(step =>
  step.does === 'command' && step.command.startsWith('kustomize') ? [step.command] : [],
)

type Change = (name: string, text: string) => string

/** The page's own files, as they are or changed. */
async function build(
  kustomize: string,
  change: Change = (_, text) => text,
  more: Readonly<Record<string, string>> = {},
) {
  const folder = makeFolder()
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const { name, text } of files) write(name, change(name, text))
  for (const [name, text] of Object.entries(more)) write(name, text)
  const [, ...words] = command[0]?.split(' ') ?? []
  return runProgram(kustomize, words, { cwd: folder, env: { PATH: makePath(), HOME: folder } })
}

const shape = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
const read = (yaml: string) => parseAllDocuments(yaml).map(document => shape.parse(document.toJS()))
const namesIn = (yaml: string) =>
  read(yaml).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)

const inShop =
  (from: string, to: string): Change =>
  (name, text) =>
    name === 'k8s/shop.yaml' ? text.replace(from, to) : text

describe('tierwall fn in kustomize', () => {
  test('adds the policies to what is built', async ({ skip }) => {
    const { code, stdout, stderr } = await build(await needTool('kustomize', skip))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(namesIn(stdout).sort()).toEqual([
      'Deployment shop/web',
      'NetworkPolicy shop/tierwall-allow-dns',
      'NetworkPolicy shop/tierwall-default-deny',
      'NetworkPolicy shop/tierwall-web',
    ])
  })

  test('goes by the configuration that names it', async ({ skip }) => {
    const { stdout } = await build(await needTool('kustomize', skip))
    const web = read(stdout).find(({ metadata }) => metadata.name === 'tierwall-web')
    expect(JSON.stringify(web)).toContain('0.0.0.0/0')
  })

  test('sees names and namespaces as kustomize has set them', async ({ skip }) => {
    const change: Change = (name, text) =>
      name === 'k8s/kustomization.yaml' ? `${text}namespace: prod\nnamePrefix: blue-\n` : text
    const { stdout } = await build(await needTool('kustomize', skip), change)
    expect(namesIn(stdout)).toContain('Deployment prod/blue-web')
    expect(namesIn(stdout)).toContain('NetworkPolicy prod/tierwall-web-blue-web')
  })

  test('fails the build where there is an error, and says where', async ({ skip }) => {
    const change = inShop('tierwall.dev/tier: web', 'tierwall.dev/tier: Web!')
    const { code, stdout, stderr } = await build(await needTool('kustomize', skip), change)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/error tier-invalid: 'Web!' cannot be a tier's name; write/)
  })

  test('reads a ConfigMap that holds its configuration as well', async ({ skip }) => {
    const map = `apiVersion: v1
kind: ConfigMap
metadata:
  name: tierwall
  annotations:
    config.kubernetes.io/function: "exec: {path: tierwall, args: [fn]}"
data:
  config: |
    isolation: audit
`
    const change: Change = (name, text) => (name === 'k8s/tierwall.yaml' ? map : text)
    const { code, stdout } = await build(await needTool('kustomize', skip), change)
    expect({ code, names: namesIn(stdout) }).toEqual({ code: 0, names: ['Deployment shop/web'] })
  })

  test('takes the policies of a base for its own, and writes them anew', async ({ skip }) => {
    const kustomize = await needTool('kustomize', skip)
    const { stdout } = await build(kustomize)
    const rendered = stdout.slice(stdout.indexOf('---\n') + 4).replace('port: 80', 'port: 81')
    const change: Change = (name, text) =>
      name === 'k8s/kustomization.yaml' ? text.replace('[shop.yaml]', '[shop.yaml, rendered.yaml]') : text
    expect(rendered).toContain('port: 81')
    expect((await build(kustomize, change, { 'k8s/rendered.yaml': rendered })).stdout).toBe(stdout)
  })
})
