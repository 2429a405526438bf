/** The licences of all whose code is in the image, as one text; each wording stands once, under all that it is for. */
import type { DebianPackage } from './debian.ts'
import type { Package } from './packages.ts'

export interface Licensed {
  readonly product: { readonly name: string; readonly text: string }
  readonly node: { readonly version: string; readonly text: string | undefined }
  readonly packages: readonly Package[]
  readonly debian: readonly DebianPackage[]
}

export function writeLicences({ product, node, packages, debian }: Licensed): string {
  const inside = packages.filter(each => each.inside)
  const wordings = Map.groupBy(inside, each => each.licenceText ?? sayWhatIsKnown(each))
  const sections = [
    section([product.name], product.text),
    section([`Node.js ${node.version}`], node.text ?? 'https://github.com/nodejs/node/blob/main/LICENSE'),
    ...[...wordings].map(([text, users]) =>
      section(
        users.map(({ name, version }) => `${name} ${version}`),
        text,
      ),
    ),
    section(
      debian.map(({ name, version }) => `${name} ${version}`),
      'Debian packages; see /usr/share/doc/NAME/copyright and /usr/share/common-licenses in this image.',
    ),
  ]
  return `The licences of what is in this image.\n\n${sections.join('\n')}`
}

function section(names: readonly string[], text: string): string {
  const line = '='.repeat(80)
  return names.length === 0 ? '' : `${line}\n${names.join('\n')}\n${line}\n\n${text.trim()}\n`
}

function sayWhatIsKnown({ licence, name }: Package): string {
  return `${licence ?? 'No licence is named'}. The package ${name} has no text of it.`
}
