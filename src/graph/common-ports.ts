/** The ports that a server accepts and a client asks for, as each side's rule must spell them. */
import type { Port } from '../api/ports.ts'
import { sortPorts } from '../api/ports.ts'
import type { Member } from '../intent/tier.ts'

export interface CommonPorts {
  readonly serverSide: readonly Port[]
  readonly clientSide: readonly Port[]
}

/** A name and a number stay as they are, each on its side: together they admit just the pods where both agree. */
export function commonPorts(
  accepted: readonly Port[],
  asked: readonly Port[] | undefined,
  server: Member,
): CommonPorts {
  if (!asked) return { serverSide: accepted, clientSide: accepted }
  const serverSide: Port[] = []
  const clientSide: Port[] = []
  for (const mine of accepted)
    for (const theirs of asked) {
      if (mine.protocol !== theirs.protocol) continue
      if (mine.by === 'number' && theirs.by === 'number') {
        const [first, last] = [Math.max(mine.first, theirs.first), Math.min(mine.last, theirs.last)]
        if (first > last) continue
        const both: Port = { by: 'number', first, last, protocol: mine.protocol }
        serverSide.push(both)
        clientSide.push(both)
      } else if (mayBeTheSame(mine, theirs, server)) {
        serverSide.push(mine)
        clientSide.push(theirs)
      }
    }
  return { serverSide: sortPorts(serverSide), clientSide: sortPorts(clientSide) }
}

function mayBeTheSame(a: Port, b: Port, server: Member): boolean {
  if (a.by === 'name' && b.by === 'name' && a.name === b.name) return true
  if (server.templates.length === 0) return true
  return server.templates.some(({ ports }) => {
    const numbersOf = (port: Port) =>
      port.by === 'number'
        ? [port]
        : ports
            .filter(({ name, protocol }) => name === port.name && protocol === port.protocol)
            .map(({ containerPort }) => ({ first: containerPort, last: containerPort }))
    return numbersOf(a).some(x => numbersOf(b).some(y => x.first <= y.last && y.first <= x.last))
  })
}
