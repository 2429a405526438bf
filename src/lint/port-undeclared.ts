import type { ContainerPort } from '../api/kubernetes.ts'
import { nearest } from '../api/peers.ts'
import { type Port, writePort } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { declaredPorts, declares, listFew, nameMembers, portOf, writeDeclared } from './survey/declared-ports.ts'
import type { Survey } from './survey/index.ts'
import type { PortClaim } from './survey/port-claims.ts'
import { findServicePort } from './survey/service-ports.ts'

/** A port that no container declares. */
export function portUndeclared(survey: Survey): Problem[] {
  return survey.portClaims.flatMap(claim => {
    const declared = declaredPorts(claim.members, survey)
    if (!isDoubtful(claim.port, declared) || declares(declared, claim.port)) return []
    const names = nameMembers(claim.members, survey)
    if (names === '' || findServicePort(claim, survey)) return []
    const they = declared.length === 0 ? 'they declare none' : `they declare ${listFew(declared.map(writeDeclared), 8)}`
    return problemAt(
      claim.source,
      'port-undeclared',
      `${claim.says} ${writePort(claim.port)}: no container of ${names} declares it, ${they}`,
      fixFor(claim, declared),
    )
  })
}

/** Containers need not declare ports, so their silence says nothing of a number; but a name is found nowhere else. */
function isDoubtful(port: Port, declared: readonly ContainerPort[]): boolean {
  return port.by === 'name' || declared.length > 0
}

function fixFor({ port, rewrite }: PortClaim, declared: readonly ContainerPort[]): string {
  const offers = offersFor(port, declared).map(rewrite)
  const declare =
    port.by === 'name'
      ? `give a container port the name ${port.name}`
      : `declare ${writePort(port)} in the container if it is right`
  return offers.length === 0 ? `${declare}, or write the number` : `write ${listOr(offers.slice(0, 4))}; or ${declare}`
}

/** The name that is nearly the same, else all ports of the protocol, else all. */
function offersFor(port: Port, declared: readonly ContainerPort[]): readonly Port[] {
  const alike = declared.filter(({ protocol }) => protocol === port.protocol)
  const near = port.by === 'name' ? nearest(port.name, namesOf(alike)) : undefined
  if (near !== undefined) return [{ by: 'name', name: near, protocol: port.protocol }]
  return (alike.length > 0 ? alike : declared).map(portOf)
}

const namesOf = (ports: readonly ContainerPort[]) => ports.flatMap(({ name }) => (name === undefined ? [] : [name]))

const listOr = (offers: readonly string[]) => offers.join(', or ')
