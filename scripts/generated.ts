/** Every file of the repository that is written by `npm run generate`, and what belongs into it. */
import { stringify } from 'yaml'
import { makeAnnotationPolicies, makeReservedPolicies } from '../src/api/admission/index.ts'
import { makeCustomResourceDefinition } from '../src/api/crd.ts'
import { listAdmission } from '../src/install/admission.ts'
import { writeManifests } from '../src/install/manifest.ts'
import { operatorNamespace } from '../src/install/names.ts'
import { makeEventsRbac, makeNamespaceRbac, makeRbac } from '../src/install/rbac.ts'
import { problemsPage } from '../src/report/problems/page.ts'
import { chartFiles } from './chart.ts'
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
  { path: 'config/admission/annotations.yaml', write: () => writeManifests(listAdmission(makeAnnotationPolicies())) },
  {
    path: 'config/admission/reserved/policies.yaml',
    write: () => writeManifests(listAdmission(makeReservedPolicies())),
  },
  { path: 'config/base/rbac.yaml', write: () => writeManifests(makeRbac()) },
  { path: 'config/namespaced/each/rbac.yaml', write: () => writeManifests(makeNamespaceRbac(operatorNamespace, {})) },
  { path: 'config/namespaced/events.yaml', write: () => writeManifests(makeEventsRbac(operatorNamespace)) },
  { path: 'docs/problems.md', write: problemsPage },
  ...chartFiles,
  ...exampleReadmes,
]
