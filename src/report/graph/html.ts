/** A drawing as one page: the picture, and a table of every line with who asked for it. Nothing is loaded from elsewhere. */
import { createHash } from 'node:crypto'
import { type Quoter, writeQuote } from '../quote.ts'
import type { Drawing, Line } from './drawing.ts'
import { drawSvg, graphStyle, isDrawable } from './svg.ts'

export async function asHtml(drawing: Drawing, quote: Quoter): Promise<string> {
  const hash = createHash('sha256').update(style).digest('base64')
  const rows = drawing.lines.map(line => writeRow(line, quote))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tierwall: who may reach whom</title>
<style>${style}</style>
</head>
<body>
<h1>Who may reach whom</h1>
${isDrawable(drawing) ? `<figure>\n${await drawSvg(drawing)}</figure>` : '<p>There are too many lines for a picture.</p>'}
<p>${describe(drawing)}</p>
<table>
<thead><tr><th>From</th><th>To</th><th>Ports</th><th>Why</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`
}

function describe({ namespaces, lines }: Drawing): string {
  const held = namespaces.filter(({ isolation }) => isolation !== undefined)
  const missing = lines.some(line => line.missing !== undefined)
  return escapeHtml(
    [
      'Every tier may also reach DNS.',
      ...held.map(({ name, isolation }) => `Namespace ${name} is in ${isolation}: nothing is written there.`),
      ...(missing ? ['Dashed: asked for, but not there.'] : []),
    ].join(' '),
  )
}

function writeRow({ from, to, ports, missing, because }: Line, quote: Quoter): string {
  const state = missing === undefined ? escapeHtml(ports) : `<em>${escapeHtml(missing)}</em>`
  const why = because.map(source => escapeHtml(writeQuote(quote(source)))).join('<br>')
  const cells = [escapeHtml(from.fullName), escapeHtml(to.fullName), state, why]
  return `<tr${missing === undefined ? '' : ' class="missing"'}>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, unit => `&#${unit.charCodeAt(0)};`)
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 75rem; color: #1c2733; background: #fff; }
h1 { font-size: 1.3rem; }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #cfd8e0; }
td:last-child { overflow-wrap: anywhere; }
tr.missing td { color: #b3541e; }
${graphStyle}@media (prefers-color-scheme: dark) {
  body { color: #e3e9f0; background: #11171d; }
  th, td { border-color: #33414f; }
  tr.missing td { color: #ff9d66; }
}
`
