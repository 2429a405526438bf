/** Objects as YAML that a person can read: with comments that say why, short lists on one line. */
import { Document, isNode, isScalar, visit } from 'yaml'

export interface Manifest {
  readonly object: Readonly<Record<string, unknown>>
  readonly comments?: readonly Comment[]
}

interface Comment {
  /** Of the field that it stands before; empty for the whole object. */
  readonly path: readonly (string | number)[]
  readonly text: string
}

export function writeManifests(manifests: readonly Manifest[]): string {
  return `# Written by npm run generate.\n${writeDocuments(manifests)}`
}

/** Each after its dashes. */
export function writeDocuments(manifests: readonly Manifest[]): string {
  return manifests.map(manifest => `---\n${writeDocument(manifest)}`).join('')
}

function writeDocument({ object, comments = [] }: Manifest): string {
  const document = makeDocument(object)
  for (const { path, text } of comments) {
    const node = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isNode(node)) node.commentBefore = text.replaceAll(/^/gm, ' ')
  }
  return printDocument(document)
}

export function makeDocument(object: Manifest['object']): Document {
  const document = new Document(object, { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every(isScalar)
    },
  })
  return document
}

export function printDocument(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
