/** A drawing as a Mermaid flowchart, for Markdown pages. */
import type { Drawing, DrawnNode, Line, NamespaceGroup } from './drawing.ts'

export function asMermaid({ namespaces, outside, lines }: Drawing): string {
  const text = [
    'flowchart LR',
    ...namespaces.flatMap((group, place) => writeGroup(group, `n${place + 1}`)),
    ...outside.map(node => `  ${node.id}([${quote(node.label)}])`),
    ...lines.map(writeLine),
    ...(outside.length > 0
      ? [
          '  classDef outside fill:none,stroke-dasharray:3 3',
          `  class ${outside.map(({ id }) => id).join(',')} outside`,
        ]
      : []),
  ]
  return `${text.join('\n')}\n`
}

function writeGroup({ name, isolation, apps }: NamespaceGroup, id: string): string[] {
  const title = isolation === undefined ? `namespace ${name}` : `namespace ${name} (${isolation}: nothing is written)`
  return [
    `  subgraph ${id}[${quote(title)}]`,
    ...apps.flatMap(({ name: app, nodes }, place) => {
      if (app === '') return nodes.map(node => `    ${writeNode(node)}`)
      const inner = nodes.map(node => `      ${writeNode(node)}`)
      return [`    subgraph ${id}a${place + 1}[${quote(`app ${app}`)}]`, ...inner, '    end']
    }),
    '  end',
  ]
}

function writeNode({ id, label, detail }: DrawnNode): string {
  return `${id}[${quote(detail === undefined ? label : `${label}\n${detail}`)}]`
}

function writeLine({ from, to, ports, missing }: Line): string {
  const text = missing ?? ports
  const arrow = missing === undefined ? '-->' : '-.->'
  return `  ${from.id} ${arrow}${text === '' ? '' : `|${quote(text)}|`} ${to.id}`
}

/** Everything that Mermaid, Markdown or HTML could read as markup becomes an entity. */
function quote(text: string): string {
  const safe = text.replaceAll(/[^\p{L}\p{N} ,.:;/()=@!*\n-]/gu, unit => `#${unit.codePointAt(0)};`)
  return `"${safe.replaceAll('\n', '<br/>')}"`
}
