/** Every file of the repository that is written by `npm run generate`, and what belongs into it. */
import { problemsPage } from '../src/report/problems/page.ts'
import { exampleReadmes } from './examples/readme.ts'

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string
  readonly write: () => string
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'docs/problems.md', write: problemsPage },
  ...exampleReadmes,
]
