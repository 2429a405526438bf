/** A drawing as DOT, for Graphviz. Classes carry the meaning, so that a page's style can colour it. */
import type { Drawing, DrawnNode, Line, NamespaceGroup } from './drawing.ts'

/** Past so many, circles of tiers take Graphviz minutes unless it may be less careful. */
const manyLines = 150

/** Verdana is wide: laid out for it, text in any other font has room. */
export function asDot({ namespaces, outside, lines }: Drawing): string {
  const text = [
    'digraph tierwall {',
    '  graph [rankdir=LR, bgcolor=transparent, fontname=Verdana, fontsize=12, nodesep=0.35, ranksep=0.9]',
    ...(lines.length > manyLines ? ['  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.3]'] : []),
    '  node [shape=box, style="rounded,filled", fillcolor="#eef4fb", color="#33608c", fontname=Verdana, fontsize=12]',
    '  edge [color="#445566", fontname=Verdana, fontsize=10]',
    ...namespaces.flatMap((group, place) => writeGroup(group, `cluster_${place + 1}`)),
    ...outside.map(
      ({ id, label }) =>
        `  ${id} [label=${quote(label)}, shape=box, style="rounded,dashed", color="#777777", class="outside"]`,
    ),
    ...lines.map(writeLine),
    '}',
  ]
  return `${text.join('\n')}\n`
}

function writeGroup({ name, isolation, apps }: NamespaceGroup, id: string): string[] {
  const title = isolation === undefined ? `namespace ${name}` : `namespace ${name} (${isolation}: nothing is written)`
  const look = isolation === undefined ? 'style="rounded"' : 'style="rounded,dashed"'
  return [
    `  subgraph ${id} {`,
    `    graph [label=${quote(title)}, ${look}, color="#8899aa", labeljust=l, class=${quote(isolation ?? 'enforce')}]`,
    ...apps.flatMap(({ name: app, nodes }, place) => {
      if (app === '') return nodes.map(node => `    ${writeNode(node)}`)
      const inner = nodes.map(node => `      ${writeNode(node)}`)
      const head = `      graph [label=${quote(`app ${app}`)}, style="rounded", color="#aabbcc", labeljust=l, class="app"]`
      return [`    subgraph ${id}_${place + 1} {`, head, ...inner, '    }']
    }),
    '  }',
  ]
}

function writeNode({ id, label, detail }: DrawnNode): string {
  return `${id} [label=${quote(detail === undefined ? label : `${label}\n${detail}`)}, class="tier"]`
}

function writeLine({ from, to, ports, missing }: Line): string {
  const look = missing === undefined ? '' : ', style=dashed, color="#b3541e", fontcolor="#b3541e", class="missing"'
  return `  ${from.id} -> ${to.id} [label=${quote(missing ?? ports)}${look}]`
}

/** Graphviz reads escapes with backslashes, and HTML entities, in every label. */
function quote(text: string): string {
  const safe = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
  return `"${safe.replaceAll(/[^\P{Cc}\n]/gu, ' ').replaceAll('\n', '\\n')}"`
}
