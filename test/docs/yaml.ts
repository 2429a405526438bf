/** A block of YAML on a page → what is wrong with it, read as the piece of an object that it shows. */
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { defaultConfiguration, readConfiguration } from '../../src/api/configuration.ts'
import { decide } from '../../src/engine.ts'
import { readManifestText } from '../../src/manifests/manifests.ts'

const map = z.record(z.string(), z.unknown())
type JsonMap = z.infer<typeof map>
const piece = z.looseObject({
  kind: z.string().optional(),
  metadata: z.looseObject({ annotations: map.default({}) }).optional(),
  spec: map.optional(),
})

/** Nothing where all of it can be read, and where it is ours, none of it is an error. */
export function findFaults(text: string): readonly string[] {
  const documents = [...parseAllDocuments(text)]
  const broken = documents.flatMap(({ errors }) => errors.map(({ message }) => message))
  if (broken.length > 0) return broken
  const maps = documents.flatMap((document): readonly JsonMap[] => {
    const { data } = map.safeParse(document.toJS())
    return data === undefined ? [] : [data]
  })
  const settings = maps.filter(isConfiguration)
  const objects = maps.filter(one => !isConfiguration(one)).flatMap(completeObject)
  return [
    ...settings.flatMap(one => readConfiguration(one).faults.map(({ fault }) => `${fault.code}: ${fault.message}`)),
    ...lint(objects),
  ]
}

const settingNames = Object.keys(defaultConfiguration)

function isConfiguration(one: JsonMap): boolean {
  if (one.kind !== undefined) return one.kind === 'Configuration'
  return Object.keys(one).every(key => settingNames.includes(key) || key === 'operator')
}

function lint(objects: readonly JsonMap[]): readonly string[] {
  const text = objects.map(object => JSON.stringify(object)).join('\n---\n')
  const manifests = readManifestText('block', text)
  const problems = [...manifests.problems, ...decide(manifests.objects, defaultConfiguration).problems]
  return problems.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`)
}

const tierFields = ['app', 'tier', 'selector', 'ports', 'from', 'to']
const workloads = ['Deployment', 'StatefulSet', 'DaemonSet']

/** What a reader takes for granted: the rest of the object that the piece is of. Nothing for what is not ours. */
function completeObject(one: JsonMap): readonly JsonMap[] {
  const keys = Object.keys(one)
  if (keys.every(key => key.startsWith('tierwall.dev/'))) return [completeAnnotated('Deployment', {}, one)]
  if (keys.every(key => tierFields.includes(key))) return [completeTier({ name: 'db' }, one)]
  const { kind, metadata = { annotations: {} }, spec } = piece.parse(one)
  const { annotations } = metadata
  if (kind === 'AppTier') return [completeTier({ name: 'db', ...metadata }, spec ?? {})]
  const isOurs = Object.keys(annotations).some(key => key.startsWith('tierwall.dev/'))
  if (kind === undefined) return isOurs ? [completeAnnotated('Deployment', metadata, annotations)] : []
  if (one.apiVersion !== undefined && (spec !== undefined || kind === 'Namespace')) return [one]
  return isOurs ? [completeAnnotated(kind, metadata, annotations)] : []
}

function completeTier(metadata: JsonMap, spec: JsonMap): JsonMap {
  return { apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata, spec }
}

function completeAnnotated(kind: string, metadata: JsonMap, said: JsonMap): JsonMap {
  if (Object.hasOwn(said, 'tierwall.dev/isolation') || kind === 'Namespace')
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', ...metadata, annotations: said } }
  const annotations = { 'tierwall.dev/tier': 'api', ...said }
  const apiVersion = workloads.includes(kind) ? 'apps/v1' : 'v1'
  const matchLabels = { app: 'api' }
  const spec = { selector: { matchLabels }, template: { metadata: { labels: matchLabels }, spec: { containers: [] } } }
  return { apiVersion, kind, metadata: { name: 'api', ...metadata, annotations }, spec }
}
