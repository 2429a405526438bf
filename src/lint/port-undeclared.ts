import type { ContainerPort } from '../api/kubernetes.ts'
import { nearest } from '../api/peers.ts'
import { type Port, writePort } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { declaredPorts, declares, nameMembers, portOf, writeDeclared } from './survey/declared-ports.ts'
import type { Survey } from './survey/index.ts'
import { listFew } from './survey/list-few.ts'
import type { PortClaim } from './survey/port-claims.ts'
import { findServicePort } from './survey/service-ports.ts'

/** A port that no container declares. */
export function portUndeclared(survey: Survey): Problem[] {
  return survey.portClaims.filter(claim => isUndeclared(claim, survey)).map(claim => problemOf(claim, survey))
}

export function isUndeclared(claim: PortClaim, survey: Survey): boolean {
  const declared = declaredPorts(claim.members, survey)
  if (!isDoubtful(claim.port, declared) || declares(declared, claim.port)) return false
  const isKnown = claim.members.some(member => survey.podsOf(member).length > 0)
  return isKnown && findServicePort(claim, survey) === undefined
}

function problemOf(claim: PortClaim, survey: Survey): Problem {
  const declared = declaredPorts(claim.members, survey)
  const names = nameMembers(claim.members, survey)
  const they = declared.length === 0 ? 'they declare none' : `they declare ${listFew(declared.map(writeDeclared), 8)}`
  const message = `no container of ${names} declares ${claim.text}: ${they}`
  return problemAt(claim.source, 'port-undeclared', message, fixFor(claim, declared))
}

/** Containers need not declare ports, so their silence says nothing of a number; but a name is found nowhere else. */
function isDoubtful(port: Port, declared: readonly ContainerPort[]): boolean {
  return port.by === 'name' || declared.length > 0
}

function fixFor({ port, list, rewrite }: PortClaim, declared: readonly ContainerPort[]): string {
  const declare =
    port.by === 'name'
      ? `give a container port the name ${port.name}`
      : `declare ${writePort(port)} in the container if it is right`
  if (declared.length === 0) return `${declare}, or write the number`
  const free = declared.filter(one => !list.some(other => declares([one], other)))
  const offers = offersFor(port, free)
  return offers.length === 0
    ? `take ${writePort(port)} away, or ${declare}`
    : `write ${listOr(offers.slice(0, 4).map(rewrite))}; or ${declare}`
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
