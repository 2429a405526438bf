/** A decision in, findings about the whole out: what no single field shows, and what the engine itself has not reported. */
import type { Problem } from '../api/problem.ts'
import { type Decision, sortProblems } from '../engine.ts'
import { peerSelectsNothing } from './peer-selects-nothing.ts'
import { portIsServicePort } from './port-is-service-port.ts'
import { portUndeclared } from './port-undeclared.ts'
import { type Survey, surveyDecision } from './survey/index.ts'

type Check = (survey: Survey) => readonly Problem[]

const checks: readonly Check[] = [portUndeclared, portIsServicePort, peerSelectsNothing]

export function lintDecision(decision: Decision): Problem[] {
  const survey = surveyDecision(decision)
  return sortProblems(checks.flatMap(check => check(survey)))
}
