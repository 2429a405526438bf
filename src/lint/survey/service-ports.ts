/** Is a port that a tier names a Service's port, where the pods behind it listen on another? */
import type { Service } from '../../api/kubernetes.ts'
import type { Port } from '../../api/ports.ts'
import { declaredPorts, declares } from './declared-ports.ts'
import type { Pods, Survey } from './index.ts'
import type { PortClaim } from './port-claims.ts'

type ServicePort = Service['spec']['ports'][number]

export interface ServicePortTaken {
  readonly service: Service
  /** The pods' ports behind it. */
  readonly targets: readonly number[]
}

export function findServicePort(claim: PortClaim, survey: Survey): ServicePortTaken | undefined {
  const { port, members } = claim
  if (port.by === 'number' && port.first !== port.last) return undefined
  if (declares(declaredPorts(members, survey), port)) return undefined
  const behind = new Map<Service, Pods[]>()
  for (const pods of members.flatMap(survey.podsOf))
    for (const service of survey.servicesOf(pods).filter(isNotHeadless))
      behind.set(service, [...(behind.get(service) ?? []), pods])
  const found: ServicePortTaken[] = []
  for (const [service, pods] of behind)
    for (const served of service.spec.ports) {
      const targets = [...new Set(pods.flatMap(group => targetPorts(served, group)))]
      if (served.protocol !== port.protocol || targets.length === 0) continue
      if (port.by === 'number' && targets.includes(port.first)) return undefined
      if (isThePort(served, port)) found.push({ service, targets })
    }
  return found[0]
}

/** The clients of a headless Service get the pods' addresses and choose the port themselves. */
const isNotHeadless = ({ spec }: Service) => spec.clusterIP !== 'None'

function isThePort({ name, port }: ServicePort, wanted: Port): boolean {
  return wanted.by === 'name' ? name === wanted.name : port === wanted.first
}

/** Where a Service's port ends up: names are looked up in the pods' containers. */
export function targetPorts({ port, targetPort = port, protocol }: ServicePort, { ports }: Pods): readonly number[] {
  if (typeof targetPort === 'number') return [targetPort]
  return ports
    .filter(({ name, protocol: of }) => name === targetPort && of === protocol)
    .map(({ containerPort }) => containerPort)
}
