/** The folder `cases/` → each case: what people write, step by step, and who is declared to reach whom after each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { KubernetesObject } from '../../../src/api/kubernetes.ts'
import { readManifestText } from '../../../src/manifests/manifests.ts'
import { type Expectation, readExpectations } from '../../../src/report/expectations.ts'
import { type Json, shape } from './object.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(import.meta.dirname, '../cases')

/** `case.yaml`; without one a case is its input and its answers. */
const options = z.strictObject({
  /** The folder of `examples/` whose manifests and answers these are. */
  example: z.string().optional(),
  /** At last `tierwall uninstall`, after which everything is open again. */
  uninstall: z.boolean().default(false),
  /** The node takes part as well. */
  node: z.boolean().default(false),
  /** Names that every pod asks the cluster's DNS for, over UDP and over TCP, and always gets. */
  names: z.array(z.string()).default([]),
  /** Flows that are tried with curl as well, before and after. */
  curl: z.array(z.string()).default([]),
})
export type CaseOptions = z.infer<typeof options>

export interface Step {
  /** What has changed, as a sentence; of the first one nothing has. */
  readonly title: string
  /** As people write it. */
  readonly text: string
  readonly objects: readonly Json[]
  /** All that stands in the cluster now. */
  readonly known: readonly KubernetesObject[]
  readonly lines: readonly Expectation[]
}

export interface Case {
  readonly name: string
  readonly options: CaseOptions
  readonly steps: readonly Step[]
}

export function listCases(): readonly string[] {
  return readdirSync(folder).sort()
}

export function readCase(name: string): Case {
  const at = join(folder, name)
  const read = options.parse(existsSync(join(at, 'case.yaml')) ? parse(textOf(join(at, 'case.yaml'))) : {})
  const first =
    read.example === undefined
      ? { input: join(at, 'input.yaml'), answers: join(at, 'reachability.txt') }
      : {
          input: join(root, 'examples', read.example, 'manifests.yaml'),
          answers: join(root, 'examples', read.example, 'reachability.txt'),
        }
  const later = readdirSync(at, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
    .map(step => ({
      title: step.replace(/^\d+-/, '').replaceAll('-', ' '),
      input: join(at, step, 'input.yaml'),
      answers: join(at, step, 'reachability.txt'),
    }))
  const steps: Step[] = []
  for (const { title, input, answers } of [{ title: 'with Tierwall', ...first }, ...later])
    steps.push(readStep(title, textOf(input), readLines(answers), steps.at(-1)))
  return { name, options: read, steps }
}

function readStep(title: string, text: string, lines: readonly Expectation[], before: Step | undefined): Step {
  const objects = parseAllDocuments(text).map(document => shape.parse(document.toJS()))
  const { objects: read, problems } = readManifestText('input.yaml', text)
  for (const { message } of problems) throw new Error(message)
  const known = new Map([...(before?.known ?? []), ...read].map(object => [refOf(object), object]))
  return { title, text, objects, known: [...known.values()], lines }
}

function refOf({ is, object }: KubernetesObject): string {
  const kind = 'kind' in object ? object.kind : is
  return `${kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

function readLines(file: string): readonly Expectation[] {
  const { expectations, troubles } = readExpectations(file, textOf(file))
  for (const { message, place } of troubles) throw new Error(`${file}:${place.line}: ${message}`)
  return expectations
}

const textOf = (file: string) => readFileSync(file, 'utf8')
