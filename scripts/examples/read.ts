/** The folder `examples/` → each example with its manifests as Tierwall reads them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import { type Decision, decide } from '../../src/engine.ts'
import { type Manifests, type ManifestText, readManifests } from '../../src/manifests/manifests.ts'

const root = join(import.meta.dirname, '..', '..')

export interface Example {
  readonly name: string
  /** From the root of the repository. */
  readonly folder: string
  readonly about: string
  readonly reachability: string
  readonly manifests: Manifests
  readonly decision: Decision
  /** Where the manifests are somebody else's: the patch that adds the annotations. */
  readonly added: string | undefined
  /** The warnings that `lint` is right about, with the reason why they stay; often none. */
  readonly warnings: string
}

export function listExamples(): readonly string[] {
  return readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

export function readExample(name: string): Example {
  const folder = `examples/${name}`
  const files = readdirSync(join(root, folder))
  const patched = files.includes('kustomization.yaml')
  const manifests = readManifests(patched ? kustomize(folder) : [textOf(`${folder}/manifests.yaml`)])
  return {
    name,
    folder,
    about: textOf(`${folder}/about.md`).text,
    reachability: textOf(`${folder}/reachability.txt`).text,
    manifests,
    decision: decide(manifests.objects, defaultConfiguration),
    added: patched ? textOf(`${folder}/annotations.yaml`).text : undefined,
    warnings: files.includes('warnings.txt') ? textOf(`${folder}/warnings.txt`).text : '',
  }
}

function textOf(file: string): ManifestText {
  return { file, text: readFileSync(join(root, file), 'utf8') }
}

const kustomization = z.object({
  resources: z.array(z.string()),
  patches: z.array(z.strictObject({ path: z.string() })),
})
const patch = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.strictObject({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
})
type Patch = z.infer<typeof patch>

/** As `kubectl kustomize` does with patches that add annotations to objects, which is all that the examples' patches do. */
function kustomize(folder: string): readonly ManifestText[] {
  const { resources, patches } = kustomization.parse(parse(textOf(`${folder}/kustomization.yaml`).text))
  const waiting = new Set(patches.flatMap(({ path }) => readPatches(`${folder}/${path}`)))
  const texts = resources.map(path => {
    const { file, text } = textOf(relative(root, join(root, folder, path)))
    return { file, text: annotate(text, waiting) }
  })
  if (waiting.size > 0) throw new Error(`${folder} patches what is not there: ${[...waiting].map(writePatch)}`)
  return texts
}

function readPatches(file: string): Patch[] {
  return parseAllDocuments(textOf(file).text).map(document => patch.parse(document.toJS()))
}

const writePatch = ({ kind, metadata }: Patch) => `${kind} ${metadata.name}`

/** Takes each patch that it finds the object of. */
function annotate(text: string, waiting: Set<Patch>): string {
  const documents = parseAllDocuments(text).map(document => {
    for (const one of waiting) {
      if (document.get('kind') !== one.kind || document.getIn(['metadata', 'name']) !== one.metadata.name) continue
      for (const [key, value] of Object.entries(one.metadata.annotations))
        document.setIn(['metadata', 'annotations', key], value)
      waiting.delete(one)
    }
    return String(document)
  })
  return documents.join('---\n')
}
