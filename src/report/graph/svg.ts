/** A drawing as SVG: Graphviz lays it out, and its colours follow the reader's light or dark. */
import { asDot } from './dot.ts'
import type { Drawing } from './drawing.ts'

/** Nobody reads a larger picture, and Graphviz takes minutes for it. */
const mostLines = 2000

export function isDrawable({ lines }: Drawing): boolean {
  return lines.length <= mostLines
}

/** Without the XML declaration, so that it may stand inside a page as well. */
export async function drawSvg(drawing: Drawing): Promise<string> {
  // Graphviz takes longer to load than all the rest together.
  const { instance } = await import('@viz-js/viz')
  const viz = await instance()
  const svg = viz.renderString(asDot(drawing), { format: 'svg' })
  return svg.slice(svg.indexOf('<svg'))
}

export async function asSvg(drawing: Drawing): Promise<string> {
  const svg = await drawSvg(drawing)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.replace('>', () => `>\n<style>\n${graphStyle}</style>`)}`
}

/** Style sheets win over the attributes that Graphviz writes. */
export const graphStyle = `text { fill: #1c2733; font-family: Helvetica, Arial, sans-serif; }
.edge path { stroke: #51657a; }
.edge polygon { fill: #51657a; stroke: #51657a; }
.cluster path { fill: none; stroke: #8899aa; }
.tier path { fill: #e8f1fb; stroke: #33608c; }
.outside path { fill: none; stroke: #7a7a7a; }
.missing path { stroke: #b3541e; }
.missing polygon { fill: #b3541e; stroke: #b3541e; }
.missing text { fill: #b3541e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e3e9f0; }
  .edge path { stroke: #9fb2c6; }
  .edge polygon { fill: #9fb2c6; stroke: #9fb2c6; }
  .cluster path { stroke: #5c6f82; }
  .tier path { fill: #1d3148; stroke: #6fa3d8; }
  .outside path { stroke: #a0a0a0; }
  .missing path { stroke: #ff9d66; }
  .missing polygon { fill: #ff9d66; stroke: #ff9d66; }
  .missing text { fill: #ff9d66; }
}
`
