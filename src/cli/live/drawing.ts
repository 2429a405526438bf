/** A drawing of a whole cluster → that of one namespace, with whatever its tiers reach and are reached by. */
import type { Drawing } from '../../report/graph/drawing.ts'

export function limitDrawing({ namespaces, outside, lines }: Drawing, namespace: string): Drawing {
  const own = new Set(
    namespaces.filter(({ name }) => name === namespace).flatMap(({ apps }) => apps.flatMap(({ nodes }) => nodes)),
  )
  const touching = lines.filter(({ from, to }) => own.has(from) || own.has(to))
  const shown = new Set([...own, ...touching.flatMap(({ from, to }) => [from, to])])
  return {
    namespaces: namespaces.flatMap(group => {
      const apps = group.apps.flatMap(({ name, nodes }) => {
        const some = nodes.filter(node => shown.has(node))
        return some.length > 0 ? [{ name, nodes: some }] : []
      })
      return apps.length > 0 ? [{ ...group, apps }] : []
    }),
    outside: outside.filter(node => shown.has(node)),
    lines: touching,
  }
}
