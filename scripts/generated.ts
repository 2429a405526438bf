/** Every file of the repository that is written by `npm run generate`, and what belongs into it. */
import { stringify } from 'yaml'
import { makeCustomResourceDefinition } from '../src/api/crd.ts'
import { problemsPage } from '../src/report/problems/page.ts'
import { exampleReadmes } from './examples/readme.ts'

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string
  readonly write: () => string
}

/** Made from the schema: see src/api/apptier-schema.ts. */
const customResourceDefinition = () =>
  `# Written by npm run generate.\n${stringify(makeCustomResourceDefinition(), { aliasDuplicateObjects: false, lineWidth: 0 })}`

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'crds/tierwall.dev_apptiers.yaml', write: customResourceDefinition },
  { path: 'docs/problems.md', write: problemsPage },
  ...exampleReadmes,
]
