/** A decision in, findings about the whole out: what no single field shows, and what the engine itself has not reported. */
import type { Problem } from '../api/problem.ts'
import { type Decision, sortProblems } from '../engine.ts'
import { cidrEverywhere } from './cidr-everywhere.ts'
import { cidrInCluster } from './cidr-in-cluster.ts'
import { egressAllPorts } from './egress-all-ports.ts'
import { foreignPolicyOpens } from './foreign-policy-opens.ts'
import { hostNetwork } from './host-network.ts'
import { nameConflict } from './name-conflict.ts'
import { peerAnywhereDb } from './peer-anywhere-db.ts'
import { peerSelectsNothing } from './peer-selects-nothing.ts'
import { portIsServicePort } from './port-is-service-port.ts'
import { portUndeclared } from './port-undeclared.ts'
import { serviceClosed } from './service-closed.ts'
import { sourcesDisagree } from './sources-disagree.ts'
import { type Survey, surveyDecision } from './survey/index.ts'
import { tierEmpty } from './tier-empty.ts'
import { tierOverlap } from './tier-overlap.ts'
import { tierUnreachable } from './tier-unreachable.ts'
import { webhookClosed } from './webhook-closed.ts'
import { workloadUncovered } from './workload-uncovered.ts'

type Check = (survey: Survey) => readonly Problem[]

const checks: readonly Check[] = [
  cidrEverywhere,
  cidrInCluster,
  egressAllPorts,
  foreignPolicyOpens,
  hostNetwork,
  nameConflict,
  peerAnywhereDb,
  peerSelectsNothing,
  portIsServicePort,
  portUndeclared,
  serviceClosed,
  sourcesDisagree,
  tierEmpty,
  tierOverlap,
  tierUnreachable,
  webhookClosed,
  workloadUncovered,
]

export function lintDecision(decision: Decision): Problem[] {
  const survey = surveyDecision(decision)
  return sortProblems(checks.flatMap(check => check(survey)))
}
