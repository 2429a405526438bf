/** Does anything let some outside address, or the API server, into these pods? */

import { type End, evaluateFlow, type Target } from '../../evaluate/index.ts'
import { apiServerEndpoints } from '../../graph/apiserver.ts'
import { entriesOf, portsOf } from '../../intent/members.ts'
import { addressesOf, anybody, blocksInto } from './addresses.ts'
import { declares } from './declared-ports.ts'
import { endOf } from './ends.ts'
import type { Pods, Survey } from './index.ts'

export function letsSomebodyIn(pods: Pods, target: Target, survey: Survey): boolean {
  const end = endOf(pods, survey.decision.snapshot)
  const named = survey.policies.all.isolationOf(end, 'ingress').policies.flatMap(blocksInto).flatMap(addressesOf)
  return [...named, ...anybody].some(ip => letsIn({ is: 'address', ip }, end, target, survey))
}

export function letsApiServerIn(pods: Pods, port: number, survey: Survey): boolean {
  const endpoints = apiServerEndpoints(survey.decision.snapshot)
  const target: Target = { port, protocol: 'TCP' }
  if (endpoints.length === 0) return saysApiServer(pods, port) || letsSomebodyIn(pods, target, survey)
  const end = endOf(pods, survey.decision.snapshot)
  return endpoints.every(({ address }) => letsIn({ is: 'address', ip: address }, end, target, survey))
}

function letsIn(from: End, to: End, target: Target, { policies }: Survey): boolean {
  return evaluateFlow(policies.all, from, to, target).allowed
}

/** Where its addresses are not known here, its name says what will be written in the cluster. */
function saysApiServer({ members, ports }: Pods, number: number): boolean {
  const target = [{ name: undefined, containerPort: number, protocol: 'TCP' as const }]
  const here = [...target, ...ports.filter(({ containerPort }) => containerPort === number)]
  return members.some(member =>
    entriesOf(member.from)
      .filter(({ peer }) => peer.kind === 'kube-apiserver')
      .flatMap(entry => entry.ports ?? portsOf(member.ports))
      .some(port => declares(here, port)),
  )
}
