/** The ports that a server accepts and a client asks for, as each side's rule must spell them. */
import type { ContainerPort } from '../api/kubernetes.ts'
import { type Port, sortPorts } from '../api/ports.ts'

export interface CommonPorts {
  readonly serverSide: readonly Port[]
  readonly clientSide: readonly Port[]
}

/** A name and a number stay as they are, each on its side: together they admit just the pods where both agree. */
export function commonPorts(
  accepted: readonly Port[],
  asked: readonly Port[] | undefined,
  declared: () => readonly Declared[],
): CommonPorts {
  if (!asked) return { serverSide: accepted, clientSide: accepted }
  const both = accepted.flatMap(mine => asked.flatMap(theirs => meet(mine, theirs, declared)))
  return {
    serverSide: sortPorts(both.map(({ mine }) => mine)),
    clientSide: sortPorts(both.map(({ theirs }) => theirs)),
  }
}

/** The container ports of one kind of pod that the server's selector selects. */
export type Declared = readonly ContainerPort[]

function meet(mine: Port, theirs: Port, declared: () => readonly Declared[]): { mine: Port; theirs: Port }[] {
  if (mine.protocol !== theirs.protocol) return []
  if (mine.by === 'name' || theirs.by === 'name') return mayAgree(mine, theirs, declared()) ? [{ mine, theirs }] : []
  const [first, last] = [Math.max(mine.first, theirs.first), Math.min(mine.last, theirs.last)]
  const both: Port = { by: 'number', first, last, protocol: mine.protocol }
  return first > last ? [] : [{ mine: both, theirs: both }]
}

/** Where no pod is known, a name may mean anything. */
function mayAgree(a: Port, b: Port, declared: readonly Declared[]): boolean {
  if (a.by === 'name' && b.by === 'name' && a.name === b.name) return true
  return (
    declared.length === 0 ||
    declared.some(ports =>
      rangesOf(a, ports).some(x => rangesOf(b, ports).some(y => x.first <= y.last && y.first <= x.last)),
    )
  )
}

function rangesOf(port: Port, declared: Declared): { readonly first: number; readonly last: number }[] {
  if (port.by === 'number') return [port]
  return declared
    .filter(({ name, protocol }) => name === port.name && protocol === port.protocol)
    .map(({ containerPort }) => ({ first: containerPort, last: containerPort }))
}
