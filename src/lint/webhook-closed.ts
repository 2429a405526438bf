import type { Service } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, sourceAt, writeRef } from '../api/source.ts'
import { refOf } from '../intent/snapshot.ts'
import { canBeJudged } from './survey/ends.ts'
import { addPeer } from './survey/fields.ts'
import type { Pods, Survey } from './survey/index.ts'
import { targetPorts } from './survey/service-ports.ts'
import { letsApiServerIn } from './survey/ways-in.ts'

/** Pods that the API server calls, and cannot reach. */
export function webhookClosed(survey: Survey): Problem[] {
  const { services } = survey.decision.snapshot
  const called = new Map(
    services
      .filter(({ metadata }) => survey.policies.enforced.has(metadata.namespace ?? ''))
      .map(service => [writeRef(refOf(service)), service]),
  )
  return backendsOf(survey).flatMap(backend => {
    const service = called.get(writeRef(backend.service))
    return service ? judge(service, backend, survey) : []
  })
}

interface Backend {
  readonly service: ObjectRef
  readonly port: number
  readonly callers: readonly ObjectRef[]
}

/** Each Service's port once, with everyone who has it called. */
function backendsOf({ decision }: Survey): readonly Backend[] {
  const { webhookConfigurations, apiServices } = decision.snapshot
  const calls = [
    ...webhookConfigurations.flatMap(configuration =>
      configuration.webhooks.map(({ clientConfig }) => ({ by: refOf(configuration), service: clientConfig.service })),
    ),
    ...apiServices.map(apiService => ({ by: refOf(apiService), service: apiService.spec.service })),
  ]
  const backends = new Map<string, Backend>()
  for (const { by, service } of calls) {
    if (!service) continue
    const { namespace, name, port = 443 } = service
    const ref = { kind: 'Service', namespace, name }
    const key = `${writeRef(ref)}:${port}`
    backends.set(key, { service: ref, port, callers: [...(backends.get(key)?.callers ?? []), by] })
  }
  return [...backends.values()]
}

function judge(service: Service, { port, callers }: Backend, survey: Survey): Problem[] {
  const { selector = {}, ports } = service.spec
  const served = ports.find(one => one.port === port)
  if (!served || Object.keys(selector).length === 0) return []
  return survey
    .selectPods(service.metadata.namespace ?? '', { matchLabels: selector })
    .filter(canBeJudged)
    .flatMap(pods => {
      const shut = targetPorts(served, pods).find(target => !letsApiServerIn(pods, target, survey))
      return shut === undefined ? [] : [problemOf(pods, shut, service, callers)]
    })
}

function problemOf(pods: Pods, port: number, service: Service, [caller]: readonly ObjectRef[]): Problem {
  const [member] = pods.members
  const peer = `kube-apiserver:${port}`
  const { source, fix } = member
    ? addPeer(member, peer, `{kubeApiserver: true, ports: [{port: ${port}}]}`)
    : {
        source: sourceAt(pods.ref, ['metadata', 'name']),
        fix: `give ${writeRef(pods.ref)} a tier and tierwall.dev/allow-from: ${peer}`,
      }
  return problemAt(
    source,
    'webhook-closed',
    `${caller ? writeRef(caller) : 'the API server'} calls ${writeRef(refOf(service))}, but nothing lets the API server into ${writeRef(pods.ref)} on port ${port}`,
    fix,
  )
}
