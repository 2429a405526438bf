/** Pods and policies → every connection that is left, in the words of the corpus: `FROM => TO : TCP 80`. */
import type { NetworkPolicy, Protocol } from '../../src/api/kubernetes.ts'
import { allowedPorts, type End, indexPolicies, type PortRange } from '../../src/evaluate/index.ts'
import type { WorldPod } from '../../src/report/world/index.ts'

interface Named {
  readonly name: string
  readonly end: End
}

/** Any address outside of the cluster. */
const outside: Named = { name: '203.0.113.7[External]', end: { is: 'address', ip: '203.0.113.7' } }
const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']

/** Sorted; no line: no connection. */
export function listConnections(pods: readonly WorldPod[], policies: readonly NetworkPolicy[]): readonly string[] {
  const index = indexPolicies(policies)
  const ends: readonly Named[] = [
    outside,
    ...pods.map(({ end, ref }) => ({ name: `${ref.namespace}/${ref.name}[${ref.kind}]`, end })),
  ]
  return ends
    .flatMap(from =>
      ends.flatMap(to => {
        if (from === to) return []
        const left = writePorts(protocols.map(protocol => [protocol, allowedPorts(index, from.end, to.end, protocol)]))
        return left === '' ? [] : [`${from.name} => ${to.name} : ${left}`]
      }),
    )
    .sort()
}

function writePorts(perProtocol: readonly (readonly [Protocol, readonly PortRange[]])[]): string {
  const isEverything = perProtocol.every(([, [range]]) => range?.[0] === 1 && range[1] === 65535)
  if (isEverything) return 'All Connections'
  return perProtocol
    .filter(([, ranges]) => ranges.length > 0)
    .map(([protocol, ranges]) => `${protocol} ${ranges.map(writeRange).join(',')}`)
    .join(' ')
}

function writeRange([first, last]: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`
}

export function readConnections(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .sort()
}

/** Recorded lines that are not left any more (`- `), and lines that are left without being recorded (`+ `). */
export function compareConnections(recorded: readonly string[], left: readonly string[]): readonly string[] {
  return [
    ...recorded.filter(line => !left.includes(line)).map(line => `- ${line}`),
    ...left.filter(line => !recorded.includes(line)).map(line => `+ ${line}`),
  ].sort()
}
