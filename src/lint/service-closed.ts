import type { Service } from '../api/kubernetes.ts'
import { writePort } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { writeRef } from '../api/source.ts'
import { portsOf } from '../intent/members.ts'
import { refOf } from '../intent/snapshot.ts'
import type { Member } from '../intent/tier.ts'
import { isUndeclared } from './port-undeclared.ts'
import { portOf } from './survey/declared-ports.ts'
import { canBeJudged } from './survey/ends.ts'
import { addPeer, addPort } from './survey/fields.ts'
import type { Pods, Survey } from './survey/index.ts'
import { findServicePort, targetPorts } from './survey/service-ports.ts'
import { letsSomebodyIn } from './survey/ways-in.ts'

const outward: readonly (string | undefined)[] = ['LoadBalancer', 'NodePort']

/** A Service for the world outside, before pods that no address outside may reach on any of its ports. */
export function serviceClosed(survey: Survey): Problem[] {
  return survey.decision.snapshot.services.flatMap(service => {
    const { type, selector = {}, ports } = service.spec
    const namespace = service.metadata.namespace ?? ''
    if (!outward.includes(type) || !survey.policies.enforced.has(namespace)) return []
    if (Object.keys(selector).length === 0) return []
    const behind = survey.selectPods(namespace, { matchLabels: selector })
    const [pods] = behind
    const [member] = pods?.members ?? []
    // Pods without a tier are told of as such.
    if (!pods || !member || !behind.every(canBeJudged)) return []
    const ways = behind.flatMap(one => ports.flatMap(port => targetsOf(port, one).map(target => ({ one, target }))))
    const [first] = ways
    if (!first || ways.some(({ one, target }) => letsSomebodyIn(one, target, survey))) return []
    const isPortMissing = letsSomebodyInElsewhere(member, pods, survey)
    if (isPortMissing && hasDoubtfulPorts(member, survey)) return []
    const { source, fix } = isPortMissing
      ? addPort(member, portOf(first.target))
      : addPeer(member, 'anywhere', '{anywhere: true}')
    return problemAt(
      source,
      'service-closed',
      `${writeRef(refOf(service))} is a ${type}, but nothing lets any address outside into ${writeRef(pods.ref)} on port ${writePort(portOf(first.target))}`,
      `${fix}; or make it a ClusterIP`,
    )
  })
}

/** Then it is not a peer that is missing. */
function letsSomebodyInElsewhere({ ports }: Member, pods: Pods, survey: Survey): boolean {
  return portsOf(ports).some(
    port => port.by === 'number' && letsSomebodyIn(pods, { port: port.first, protocol: port.protocol }, survey),
  )
}

/** They are told of as such. */
function hasDoubtfulPorts(member: Member, survey: Survey): boolean {
  return survey.portClaimsFor(member).some(claim => findServicePort(claim, survey) || isUndeclared(claim, survey))
}

function targetsOf(port: Service['spec']['ports'][number], pods: Pods) {
  const { protocol } = port
  return targetPorts(port, pods).map(number => ({ port: number, containerPort: number, protocol }))
}
