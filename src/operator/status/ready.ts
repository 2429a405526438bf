/** Ready: what the tier asks for is in the cluster; or whether that takes time, or a person. */
import { annotation } from '../../api/annotations.ts'
import type { Isolation } from '../../api/configuration.ts'
import { unnamedApp } from '../../api/peers.ts'
import { writeRef, writeSource } from '../../api/source.ts'
import { isSharedName } from '../../policy/name.ts'
import { onOneLine } from '../../report/one-line.ts'
import { writeFullSentence } from '../news/words.ts'
import { nameTaken } from './accepted.ts'
import type { Verdict } from './condition.ts'
import type { Facts } from './facts.ts'
import type { StatusInput } from './input.ts'
import { joinSentences } from './list.ts'
import { errorsByObject } from './lookup.ts'

export interface Readiness extends Verdict {
  /** Waits for a person, for writes that are under way, or for nothing. */
  readonly waitsFor: 'person' | 'writes' | 'nothing'
}

type Check = (facts: Facts, accepted: Verdict, input: StatusInput) => Readiness | undefined

const checks: readonly Check[] = [
  isNotAccepted,
  isolationIsUnclear,
  sharedPoliciesAreTaken,
  workloadsAreWrong,
  writesFail,
  writesAreUnderWay,
  nothingIsEnforced,
  nobodyIsThere,
]

export function judgeReady(facts: Facts, accepted: Verdict, input: StatusInput): Readiness {
  for (const check of checks) {
    const readiness = check(facts, accepted, input)
    if (readiness) return readiness
  }
  const pods = facts.workloads.length === 0 ? ', for pods that no workload makes yet' : ''
  return ready('Enforced', `${countPolicies(facts.policies.length, 'is', 'are')} in force${pods}`)
}

const ready = (reason: string, message: string): Readiness => ({ status: 'True', reason, message, waitsFor: 'nothing' })
const stuck = (reason: string, message: string): Readiness => ({ status: 'False', reason, message, waitsFor: 'person' })
const busy = (reason: string, message: string): Readiness => ({ status: 'False', reason, message, waitsFor: 'writes' })

function isNotAccepted(_: Facts, { status, reason, message }: Verdict): Readiness | undefined {
  if (status === 'True') return undefined
  return status === 'False' ? stuck(reason, message) : { ...busy(reason, message), status }
}

function isolationIsUnclear({ namespace }: Facts): Readiness | undefined {
  if (namespace.isolation !== 'broken') return undefined
  const message = `${writeSource(namespace.because)} is none of enforce, audit and off: until it is one, nothing changes here`
  return stuck('IsolationInvalid', message)
}

function sharedPoliciesAreTaken({ namespace, sharedTaken }: Facts): Readiness | undefined {
  if (namespace.isolation !== 'enforce' || sharedTaken.length === 0) return undefined
  return stuck('Conflict', nameTaken(sharedTaken))
}

/** What is said on a pod template is not read, and breaks nothing. */
function workloadsAreWrong(
  { members, namespace }: Facts,
  _: Verdict,
  { problems }: StatusInput,
): Readiness | undefined {
  if (namespace.isolation !== 'enforce') return undefined
  const wrong = members
    .flatMap(({ ref }) => errorsByObject(problems).get(writeRef(ref)) ?? [])
    .filter(({ code }) => code !== 'annotation-misplaced')
  return wrong.length === 0 ? undefined : stuck('WorkloadInvalid', joinSentences(wrong.map(writeFullSentence)))
}

function writesFail({ policies }: Facts, _: Verdict, { failures }: StatusInput): Readiness | undefined {
  const concerning = failures.filter(({ policy }) => policies.includes(policy) || isSharedName(policy))
  return concerning.length === 0 ? undefined : busy('WriteFailed', nameFailures(concerning))
}

function writesAreUnderWay({ ref }: Facts, _: Verdict, { settled, failures }: StatusInput): Readiness | undefined {
  if (settled) return undefined
  const behind = failures.length === 0 ? '' : `; ${nameFailures(failures)}`
  return busy('Reconciling', `Policies of ${ref.namespace} are being written${behind}`)
}

function nameFailures(failures: StatusInput['failures']): string {
  return joinSentences(failures.map(({ policy, message }) => onOneLine(`NetworkPolicy ${policy}: ${message}`)))
}

const unenforced: Partial<Readonly<Record<Isolation, string>>> = { audit: 'Audit', off: 'Off' }

function nothingIsEnforced({ namespace, ref, policies }: Facts): Readiness | undefined {
  const { isolation, because } = namespace
  if (isolation === 'broken' || isolation === 'refused') return undefined
  const reason = unenforced[isolation]
  if (reason === undefined) return undefined
  const would = `enforce would write ${countPolicies(policies.length)} for it`
  return ready(reason, `Nothing is enforced: ${ref.namespace} is in ${isolation} (${writeSource(because)}); ${would}`)
}

/** The namespace is isolated all the same, so that it is shut before its workloads come. */
function nobodyIsThere({ key, ref, policies }: Facts): Readiness | undefined {
  if (policies.length > 0 || !key) return undefined
  const app = key.app === unnamedApp ? '' : ` in app ${key.app}`
  const message = `No workload of ${ref.namespace} is annotated with ${annotation.tier}: ${key.tier}${app}; until one is, only the namespace's default-deny is in force`
  return ready('NoWorkloads', message)
}

function countPolicies(count: number, one = '', many = ''): string {
  return count === 1 ? `1 policy ${one}`.trim() : `${count} policies ${many}`.trim()
}
