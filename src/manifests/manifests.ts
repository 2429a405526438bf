/** Manifests as text → the Kubernetes objects in them, the problems, and the place of every field. */
import { type KubernetesObject, readerOf } from '../api/kubernetes.ts'
import { type Problem, type ProblemCode, problemAt } from '../api/problem.ts'
import { type FieldPath, type ObjectRef, type Source, sourceAt, writeRef } from '../api/source.ts'
import { type Locator, makeLocator, type Place, placeOfFault, readDocument } from './document.ts'
import { type Complaint, describeIssue } from './issue.ts'
import { type FoundObject, findObjects, isGenerated, withNamespace } from './object.ts'
import { complainOfPassedOver } from './passed-over.ts'
import { type DocumentText, splitDocuments } from './split.ts'
import { isJsonMap } from './value.ts'

export interface ManifestText {
  /** As the user wrote it. */
  readonly file: string
  readonly text: string
}

export interface Manifests {
  /** By kind, namespace and name. */
  readonly objects: readonly KubernetesObject[]
  readonly problems: readonly Problem[]
  /** Of the field, or of its nearest parent where it is absent; nothing for what no file says. */
  readonly locate: (source: Source) => Place | undefined
}

export function readManifestText(file: string, text: string, defaultNamespace = 'default'): Manifests {
  return readManifests([{ file, text }], defaultNamespace)
}

export function readManifests(texts: readonly ManifestText[], defaultNamespace = 'default'): Manifests {
  const reading: Reading = { homes: new Map(), objects: new Map(), problems: [], locator: makeLocator() }
  for (const { file, text } of texts) {
    // kubectl takes a carriage return alone for a line break; the library would not.
    const lines = text.replace(/^\uFEFF/, '').replaceAll(/\r(?!\n)/g, '\n')
    for (const document of splitDocuments(file, lines)) addDocument(reading, document, defaultNamespace)
  }
  return {
    objects: [...reading.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    problems: reading.problems,
    locate: source => locate(reading, source),
  }
}

/** Where an object stands; objects that are broken or passed over have a home as well. */
interface Home {
  readonly document: DocumentText
  readonly path: FieldPath
}

interface Reading {
  readonly homes: Map<string, Home>
  readonly objects: Map<string, KubernetesObject>
  readonly problems: Problem[]
  readonly locator: Locator
}

function addDocument(reading: Reading, document: DocumentText, defaultNamespace: string): void {
  const read = readDocument(document)
  if ('value' in read) {
    for (const found of findObjects(read.value)) addObject(reading, document, found, defaultNamespace)
    return
  }
  const { message, fix } = read.fault
  reading.problems.push(problemAt(saidAt(placeOfFault(document, read.fault)), 'yaml-invalid', message, fix))
}

function addObject(reading: Reading, document: DocumentText, found: FoundObject, defaultNamespace: string): void {
  const home = { document, path: found.path }
  const read = isGenerated(found) ? undefined : readerOf(found.apiVersion, found.kind)
  if (!read) {
    const complaint = complainOfPassedOver(found)
    if (complaint) complain(reading, home, undefined, complaint.code, complaint)
    return
  }
  const json = withNamespace(found, defaultNamespace)
  const ref = refOf(found.kind, json)
  if (ref) {
    const first = reading.homes.get(writeRef(ref))
    if (first) {
      complainOfDuplicate(reading, home, first, ref)
      return
    }
    reading.homes.set(writeRef(ref), home)
  }
  const result = read(json)
  if (!result.success) {
    const written = (path: FieldPath) => reading.locator.writtenAt(document, [...found.path, ...path])
    for (const issue of result.error.issues)
      complain(reading, home, ref, 'object-invalid', describeIssue(issue, json, written))
  } else if (ref) reading.objects.set(writeRef(ref), result.data)
}

/** Nothing where there is no name to know it by. */
function refOf(kind: string, { metadata }: Readonly<Record<string, unknown>>): ObjectRef | undefined {
  if (!isJsonMap(metadata)) return undefined
  const { name, namespace = '' } = metadata
  return typeof name === 'string' && name !== '' && typeof namespace === 'string'
    ? { kind, namespace, name }
    : undefined
}

function complain(
  reading: Reading,
  home: Home,
  ref: ObjectRef | undefined,
  code: ProblemCode,
  { path, message, fix }: Complaint,
): void {
  const source = ref ? sourceAt(ref, path) : saidAt(placeOf(reading, home, path))
  reading.problems.push(problemAt(source, code, message, fix))
}

/** At the second of the two: the object itself stands for the first. */
function complainOfDuplicate(reading: Reading, second: Home, first: Home, ref: ObjectRef): void {
  const { file, line } = placeOf(reading, first, [])
  const message = `${writeRef(ref)} stands here and in ${file}:${line}, which is the one that counts`
  const fix = 'take one away, or give only files that belong together'
  reading.problems.push(problemAt(saidAt(placeOf(reading, second, [])), 'object-duplicate', message, fix))
}

const saidAt = (place: Place): Source => ({ said: 'file', ...place })

function placeOf(
  { locator }: Reading,
  { document, path }: Home,
  field: FieldPath,
  span?: readonly [number, number],
): Place {
  return locator.placeOf(document, [...path, ...field], span)
}

function locate(reading: Reading, source: Source): Place | undefined {
  if (source.said === 'file') return { file: source.file, line: source.line, column: source.column }
  const home = source.said === 'object' ? reading.homes.get(writeRef(source.object)) : undefined
  return home && source.said === 'object' ? placeOf(reading, home, source.path, source.span) : undefined
}
