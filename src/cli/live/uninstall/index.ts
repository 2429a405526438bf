/** An uninstall from the first question to the last sentence: the Lease, the policies, and what is left. */
import { defaultConfiguration } from '../../../api/configuration.ts'
import { writeName } from '../../../api/source.ts'
import { type Connection, createLog } from '../../../cluster/index.ts'
import { operator } from '../../../live/resources.ts'
import type { SeenPolicy } from '../../../live/seen-policy.ts'
import type { Trouble } from '../../../report/world/name.ts'
import type { Circumstances } from '../../cluster-trouble.ts'
import { chooseLeaseNamespace } from '../../run/lease-namespace.ts'
import { explain, explainLease, explainMisses, explainRemoval } from './explain.ts'
import { takeLease } from './lease.ts'
import { describeLeftovers } from './left.ts'
import { isToGo, listPolicies, planRemoval } from './list.ts'
import { isEmpty, removeAll } from './remove.ts'

export interface Uninstall {
  readonly connection: Connection
  readonly options: Circumstances['options']
  /** Nothing for all of them. */
  readonly namespace: string | undefined
  readonly operatorNamespace: string | undefined
  readonly dryRun: boolean
  readonly confirm: (question: string) => Promise<boolean>
  readonly signal: AbortSignal
  readonly print: (text: string) => void
  readonly tell: (text: string) => void
}

export type Uninstalled = { readonly trouble: Trouble } | { readonly removed: number }

export async function removePolicies(uninstall: Uninstall): Promise<Uninstalled> {
  if (uninstall.dryRun) return sayWhatWouldGo(uninstall)
  const { connection, signal, tell } = uninstall
  const { operatorNamespace = defaultConfiguration.operatorNamespace } = uninstall
  const namespace = await chooseLeaseNamespace(connection, operatorNamespace, createLog('silent'))
  const taken = await takeLease({
    connection,
    namespace,
    signal,
    onWait: (holder, seconds) =>
      tell(`${holder} holds the Lease ${namespace}/${operator.lease}: waiting up to ${seconds} s to see if it lives\n`),
  })
  if (taken.is !== 'taken') return { trouble: explainLease(taken, namespace, uninstall) }
  const { elector } = taken
  try {
    return await removeWhileHeld(uninstall, operatorNamespace, elector.mayWriteUntil)
  } finally {
    await elector.stop()
  }
}

async function sayWhatWouldGo(uninstall: Uninstall): Promise<Uninstalled> {
  const { connection, namespace, print, tell } = uninstall
  const listed = await listPolicies(connection.request, namespace)
  if ('failure' in listed) return { trouble: explain(listed.failure, uninstall) }
  const { close, open, tidy } = planRemoval(listed.policies)
  const steps = [...close, ...open, ...tidy]
  const ours = new Set(listed.policies.filter(isToGo).map(writeName))
  for (const { verb, ...step } of steps)
    if (verb === 'delete' && ours.has(writeName(step))) print(`would remove ${writeName(step)}\n`)
  tell(ours.size === 0 ? nothingToRemove : `${countPolicies(ours.size)} would be removed; nothing was changed\n`)
  return { removed: 0 }
}

const nothingToRemove = 'there is no policy that Tierwall wrote\n'

async function removeWhileHeld(
  uninstall: Uninstall,
  operatorNamespace: string,
  mayWriteUntil: () => number,
): Promise<Uninstalled> {
  const { connection, namespace, confirm, signal, print, tell } = uninstall
  const send = connection.request
  const listed = await listPolicies(send, namespace)
  if ('failure' in listed) return { trouble: explain(listed.failure, uninstall) }
  const { policies } = listed
  const ours = policies.filter(isToGo)
  if (isEmpty(planRemoval(policies))) tell(nothingToRemove)
  else if (!(await confirm(writeQuestion(ours)))) return { trouble: notConfirmed }
  let removed = 0
  const done = await removeAll({
    send,
    namespace,
    policies,
    mayWriteUntil: () => (signal.aborted ? Number.NEGATIVE_INFINITY : mayWriteUntil()),
    onRemoved: policy => {
      removed++
      print(`removed ${writeName(policy)}\n`)
    },
    onBridge: policy => tell(`${writeName(policy)} stands in for others on the way\n`),
  })
  if (removed > 0) tell(`${countPolicies(removed)} removed\n`)
  if (done.is !== 'done') return { trouble: explainRemoval(done, uninstall) }
  for (const policy of done.waiting)
    tell(`${writeName(policy)} is being deleted and waits for its finalizers (${policy.finalizers.join(', ')})\n`)
  const [missed] = done.missed
  if (missed) return { trouble: explainMisses(missed, done.missed.size - 1) }
  // Where only one namespace was meant, Tierwall stays.
  const left = namespace === undefined ? await describeLeftovers(send, operatorNamespace) : [afterOne(namespace)]
  tell(`what is left, and how to remove it:\n${left.map(line => `  - ${line}\n`).join('')}`)
  return { removed }
}

const countPolicies = (count: number) => (count === 1 ? '1 NetworkPolicy' : `${count} NetworkPolicies`)

function writeQuestion(ours: readonly SeenPolicy[]): string {
  const namespaces = new Set(ours.map(({ namespace }) => namespace)).size
  const where = namespaces === 1 ? `namespace ${ours[0]?.namespace}` : `${namespaces} namespaces`
  return `remove ${countPolicies(ours.length)} in ${where}? Whatever they deny is open then.`
}

const notConfirmed: Trouble = { message: 'nothing was removed', fix: 'say y when asked, or add --yes' }

const afterOne = (namespace: string) =>
  `an operator that starts again writes them again, unless told otherwise: kubectl annotate namespace ${namespace} tierwall.dev/isolation=off`
