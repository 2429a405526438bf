/** Which ports do the containers of some pods declare, and is this one of them? */
import type { ContainerPort } from '../../api/kubernetes.ts'
import { type Port, writePort } from '../../api/ports.ts'
import { writeRef } from '../../api/source.ts'
import type { Survey } from './index.ts'
import { listFew } from './list-few.ts'
import type { PortClaim } from './port-claims.ts'

/** Each once, sorted. */
export function declaredPorts(members: PortClaim['members'], { podsOf }: Survey): readonly ContainerPort[] {
  const all = members.flatMap(podsOf).flatMap(({ ports }) => ports)
  const unique = new Map(all.map(port => [writeDeclared(port), port]))
  return [...unique.values()].sort((a, b) => a.containerPort - b.containerPort)
}

export function declares(ports: readonly ContainerPort[], wanted: Port): boolean {
  return ports.some(({ name, containerPort, protocol }) => {
    if (protocol !== wanted.protocol) return false
    return wanted.by === 'name' ? name === wanted.name : wanted.first <= containerPort && containerPort <= wanted.last
  })
}

export function portOf({ containerPort, protocol }: Pick<ContainerPort, 'containerPort' | 'protocol'>): Port {
  return { by: 'number', first: containerPort, last: containerPort, protocol }
}

/** `8080 (http)` */
export function writeDeclared(port: ContainerPort): string {
  const number = writePort(portOf(port))
  return port.name === undefined ? number : `${number} (${port.name})`
}

/** The workloads that are meant, shortly. */
export function nameMembers(members: PortClaim['members'], { podsOf }: Survey): string {
  return listFew([...new Set(members.flatMap(podsOf).map(({ ref }) => writeRef(ref)))])
}
