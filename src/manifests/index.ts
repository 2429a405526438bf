/** Files, folders, stdin or text → the Kubernetes objects in them, the problems, and the place of every field. */
export { type Locator, makeLocator, type Place, placeOfFault, readDocument } from './document.ts'
export { stdinName } from './files.ts'
export { type LoadOptions, loadManifests } from './load.ts'
export { type Manifests, type ManifestText, readManifests, readManifestText } from './manifests.ts'
export { type DocumentText, splitDocuments } from './split.ts'
