/** Paths as the user wrote them → manifests: the one door to the file system and to stdin. */
import { type Problem, type ProblemCode, problemAt } from '../api/problem.ts'
import { decodeText } from './decode.ts'
import { readFiles } from './files.ts'
import { type Manifests, type ManifestText, readManifests } from './manifests.ts'

export interface LoadOptions {
  readonly readStdin: () => Promise<Uint8Array>
  readonly defaultNamespace?: string
}

export async function loadManifests(paths: readonly string[], options: LoadOptions): Promise<Manifests> {
  const texts: ManifestText[] = []
  const unreadable: Problem[] = []
  const refuse = (code: ProblemCode, file: string, line: number, message: string, fix: string) =>
    unreadable.push(problemAt({ said: 'file', file, line, column: 1 }, code, message, fix))
  for await (const read of readFiles(paths, options.readStdin)) {
    if ('message' in read) refuse('file-unreadable', read.file, 1, read.message, read.fix)
    else {
      const decoded = decodeText(read.bytes)
      if ('text' in decoded) texts.push({ file: read.file, text: decoded.text })
      else refuse('yaml-invalid', read.file, decoded.fault.line, decoded.fault.message, decoded.fault.fix)
    }
  }
  const manifests = readManifests(texts, options.defaultNamespace)
  return { ...manifests, problems: [...unreadable, ...manifests.problems] }
}
