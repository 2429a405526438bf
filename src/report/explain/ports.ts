/** Which ports a question is about: the one that was asked for, else all that somebody declares. */
import type { ContainerPort, Protocol } from '../../api/kubernetes.ts'
import type { Port } from '../../api/ports.ts'
import { allowedPorts, type End } from '../../evaluate/index.ts'
import { portsOf } from '../../intent/members.ts'
import type { World } from '../world/index.ts'
import type { Trouble } from '../world/name.ts'
import { membersOf, type Subject } from '../world/subject.ts'
import type { Pair } from './pairs.ts'

/** First and last are the same for one port. */
export interface PortSpan {
  readonly first: number
  readonly last: number
  readonly protocol: Protocol
}

const everyPort: PortSpan = { first: 1, last: 65535, protocol: 'TCP' }

export function writeSpan({ first, last, protocol }: PortSpan): string {
  return `${first === last ? first : `${first}-${last}`}/${protocol}`
}

/** A name is looked up on the pods of the destination, as policies do. */
export function spansAsked(
  port: Port,
  to: Subject,
): { readonly spans: readonly PortSpan[] } | { readonly trouble: Trouble } {
  if (port.by === 'number') return { spans: [port] }
  const declared = to.ends.flatMap(({ end }) => declaredBy(end))
  const spans = declared.filter(({ name, protocol }) => name === port.name && protocol === port.protocol).map(spanOf)
  if (spans.length > 0) return { spans: tidySpans(spans) }
  const names = [...new Set(declared.flatMap(({ name }) => name ?? []))].sort()
  const fix =
    names.length > 0 ? `its containers name ${names.join(', ')}` : 'write the number: its containers name no ports'
  return { trouble: { message: `${to.text} has no port named ${port.name}/${port.protocol}`, fix } }
}

/** What the containers, the tier, and the rules about the destination declare; every TCP port where nobody does. */
export function spansDeclared(from: Subject, to: Subject, world: World): readonly PortSpan[] {
  const ofContainers = to.ends.flatMap(({ end }) => declaredBy(end).map(spanOf))
  const ofTiers = membersOf(to).flatMap(({ ports }) => portsOf(ports).flatMap(port => resolve(port, to)))
  const spans = [...ofContainers, ...ofTiers, ...spansOfRules(from, to, world)]
  return spans.length > 0 ? tidySpans(spans) : [everyPort]
}

const declaredBy = (end: End): readonly ContainerPort[] => (end.is === 'pod' ? end.ports : [])

const spanOf = ({ containerPort, protocol }: ContainerPort): PortSpan => ({
  first: containerPort,
  last: containerPort,
  protocol,
})

function resolve(port: Port, to: Subject): readonly PortSpan[] {
  const asked = spansAsked(port, to)
  return 'spans' in asked ? asked.spans : []
}

const families = [4, 6, undefined] as const

function spansOfRules(from: Subject, to: Subject, { index }: World): readonly PortSpan[] {
  const into = to.ends.flatMap(({ end }) => index.isolationOf(end, 'ingress').rules)
  const meant = (peers: (typeof into)[number]['peers']) =>
    peers?.some(means => to.ends.some(({ end }) => families.some(family => means(end, family))))
  const out = from.ends.flatMap(({ end }) => index.isolationOf(end, 'egress').rules).filter(({ peers }) => meant(peers))
  return [...into, ...out]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ port, endPort, protocol = 'TCP' }) => {
      if (port === undefined) return []
      if (typeof port === 'string') return resolve({ by: 'name', name: port, protocol }, to)
      return [{ first: port, last: endPort ?? port, protocol }]
    })
}

/** Sorted, each once, none inside another. */
function tidySpans(spans: readonly PortSpan[]): readonly PortSpan[] {
  const unique = [...new Map(spans.map(span => [writeSpan(span), span])).values()]
  const holds = (outer: PortSpan, inner: PortSpan) =>
    outer !== inner && outer.protocol === inner.protocol && outer.first <= inner.first && inner.last <= outer.last
  return unique
    .filter(span => !unique.some(other => holds(other, span)))
    .sort((a, b) => a.first - b.first || a.last - b.last || (a.protocol < b.protocol ? -1 : 1))
}

/** Cut so that within each piece every pair has one verdict. */
export function cutSpan(span: PortSpan, pairs: readonly Pair[], world: World): readonly PortSpan[] {
  if (span.first === span.last) return [span]
  const cuts = pairs
    .flatMap(({ from, to }) => allowedPorts(world.index, from.end, to.end, span.protocol))
    .flatMap(([first, last]) => [first, last + 1])
    .filter(cut => span.first < cut && cut <= span.last)
  const starts = [...new Set([span.first, ...cuts])].sort((a, b) => a - b)
  return starts.map((first, place) => ({ ...span, first, last: (starts[place + 1] ?? span.last + 1) - 1 }))
}
