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
  return ['# Written by npm run generate.\n', ...manifests.map(writeManifest)].join('---\n')
}

function writeManifest({ object, comments = [] }: Manifest): string {
  const document = new Document(object, { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every(isScalar)
    },
  })
  for (const { path, text } of comments) {
    const node = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isNode(node)) node.commentBefore = text.replaceAll(/^/gm, ' ')
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
