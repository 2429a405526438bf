/** Is an operator at work, and what stays of one that is not? */
import { written } from '../../api/annotations.ts'
import { listFew } from '../../lint/survey/list-few.ts'
import type { SeenPolicy } from '../../live/seen-policy.ts'
import { writeAge } from '../age.ts'
import { configurationOf } from '../configured.ts'
import type { Facts, Lease } from '../facts.ts'
import { type Check, couldNotLook, doubt, failure, fine, type Remark } from '../finding.ts'

export const operator: Check = {
  name: 'operator',
  judge: facts => {
    const { lease, now } = facts
    if ('unseen' in lease) return [couldNotLook(lease.unseen)]
    const { operatorNamespace } = configurationOf(facts.configured)
    if (!lease.seen) return [absent(`none has run in ${operatorNamespace}`)]
    const { holder, renewed = 0 } = lease.seen
    const age = `${writeAge(now - renewed)} ago`
    if (holder === '') return [absent(`none is at work: the last one went ${age}`)]
    if (isAlive(lease.seen, now)) return [fine(`${holder} leads, and said so ${age}`)]
    const fix = `kubectl -n ${operatorNamespace} get pods, and read the logs`
    return [failure(`${holder} leads, but said so ${age} for the last time`, 'nobody keeps the policies true', fix)]
  },
}

function absent(what: string): Remark {
  return doubt(what, 'nothing is written for annotations and AppTiers', 'kubectl apply -k config/default')
}

/** It renews its Lease several times before it ends. */
function isAlive({ holder, renewed = 0, lasts }: Lease, now: number): boolean {
  return holder !== '' && now - renewed <= lasts
}

export const policies: Check = {
  name: 'policies',
  judge: facts => {
    const { policies, namespace } = facts
    if ('unseen' in policies) return [couldNotLook(policies.unseen)]
    const ours = policies.seen.filter(policy => policy.ours)
    const foreign = policies.seen.filter(policy => !policy.ours && isLabelled(policy))
    const where = namespace === undefined ? '' : ` in ${namespace}`
    const count = `${many(ours.length, 'policy', 'policies')} of ours${where || inNamespaces(ours)}`
    return [isForsaken(facts) && ours.length > 0 ? forsaken(count) : fine(count), ...foreigners(foreign)]
  },
}

function isForsaken({ lease, now }: Facts): boolean {
  return 'seen' in lease && !(lease.seen && isAlive(lease.seen, now))
}

function forsaken(count: string): Remark {
  const why = 'they stay in force, and go on as they are whatever changes'
  return failure(`${count}, and no operator that keeps them true`, why, 'start the operator, or tierwall uninstall')
}

/** Of an installation whose namespace is gone: they go on where nobody uses them. */
export const remains: Check = {
  name: 'left of an installation',
  judge: facts => {
    const { namespaces, remains } = facts
    const { operatorNamespace } = configurationOf(facts.configured)
    const isInstalled =
      'unseen' in namespaces || namespaces.seen.some(({ object }) => object.metadata.name === operatorNamespace)
    if (isInstalled || !isForsaken(facts)) return []
    return remains.flatMap(({ part, isThere, what, remove }) => {
      const why = whyNot[part]
      return why !== undefined && isThere ? [doubt(`${what}, and no operator`, why, remove)] : []
    })
  },
}

const whyNot: Readonly<Partial<Record<Facts['remains'][number]['part'], string>>> = {
  rights: 'nobody uses them',
  admission: 'they go on refusing mistakes, and writes to policies of our names, though nobody reads either',
}

function isLabelled({ labels }: SeenPolicy): boolean {
  return Object.hasOwn(labels, written.managedByLabel) && labels[written.managedByLabel] === written.manager
}

function foreigners(foreign: readonly SeenPolicy[]): Remark[] {
  if (foreign.length === 0) return []
  const names = listFew(foreign.map(({ namespace, name }) => `${namespace}/${name}`).sort())
  const what = `${many(foreign.length, 'policy carries', 'policies carry')} our label and ${foreign.length === 1 ? 'was' : 'were'} not written by the operator: ${names}`
  const why = 'the operator leaves them alone, also where they have the name of one of its own'
  return [doubt(what, why, 'delete those that nobody renders and applies, or run the operator with --adopt')]
}

function inNamespaces(policies: readonly SeenPolicy[]): string {
  const count = new Set(policies.map(({ namespace }) => namespace)).size
  return count === 0 ? '' : ` in ${many(count, 'namespace', 'namespaces')}`
}

function many(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}
