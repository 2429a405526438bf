/** Accepted: the spec was read, it counts, and the names of its policies are not somebody else's. */
import { unnamedApp } from '../../api/peers.ts'
import type { Problem } from '../../api/problem.ts'
import { writeRef } from '../../api/source.ts'
import { refusal, refusalFix } from '../../intent/namespaces.ts'
import { onOneLine } from '../../report/one-line.ts'
import { writeReason, writeSentence } from '../news/words.ts'
import type { Verdict } from './condition.ts'
import type { Facts } from './facts.ts'
import type { Conflict, StatusInput } from './input.ts'
import { joinSentences } from './list.ts'
import { errorsByObject } from './lookup.ts'

type Check = (facts: Facts, input: StatusInput) => Verdict | undefined

const checks: readonly Check[] = [specIsWrong, notReadYet, namespaceRefuses, policiesAreTaken]

export function judgeAccepted(facts: Facts, input: StatusInput): Verdict {
  for (const check of checks) {
    const verdict = check(facts, input)
    if (verdict) return verdict
  }
  return { status: 'True', reason: 'Accepted', message: `It speaks for ${nameTier(facts)}` }
}

function specIsWrong({ ref }: Facts, { problems, kept }: StatusInput): Verdict | undefined {
  const errors = errorsByObject(problems).get(writeRef(ref)) ?? []
  const [first] = errors
  if (!first) return undefined
  const meanwhile = kept ? 'Until then, what was last good stays in force' : 'Until then, nothing new is written for it'
  const message = `${joinSentences(errors.map(writeSentence))}. ${meanwhile}`
  return { status: 'False', reason: reasonOf(first), message }
}

const reasonOf = ({ code }: Problem) => (code === 'apptier-duplicate' ? 'Duplicate' : writeReason(code))

/** It came after the decision was made. */
function notReadYet({ intent }: Facts): Verdict | undefined {
  return intent ? undefined : { status: 'Unknown', reason: 'Pending', message: 'It has not been read yet' }
}

function namespaceRefuses({ namespace, ref }: Facts): Verdict | undefined {
  if (namespace.isolation !== 'refused') return undefined
  const message = `${refusal(ref.namespace)}; ${refusalFix(ref.namespace)}`
  return { status: 'False', reason: 'NamespaceRefused', message }
}

function policiesAreTaken({ namespace, taken }: Facts): Verdict | undefined {
  if (namespace.isolation !== 'enforce' || taken.length === 0) return undefined
  return { status: 'False', reason: 'Conflict', message: nameTaken(taken) }
}

export function nameTaken(taken: readonly Conflict[]): string {
  return joinSentences(taken.map(({ because }) => onOneLine(because)))
}

function nameTier({ key }: Facts): string {
  if (!key) return 'a tier'
  return `tier ${key.tier}${key.app === unnamedApp ? '' : ` of app ${key.app}`}`
}
