/** What stays as it is in a namespace although somebody might expect otherwise, a sentence each. */
import type { TargetOutlook } from '../../live/outlook.ts'
import type { Look } from './look.ts'

export function notesOn(
  target: TargetOutlook,
  { decision, policies }: Pick<Look, 'decision' | 'policies'>,
): readonly string[] {
  const { namespace, conflicts, kept, restored, untouched } = target
  if (untouched) return []
  const here = policies.filter(policy => policy.namespace === namespace)
  const going = here.filter(({ ours, terminating }) => ours && terminating)
  const inAudit = decision.namespaces.filter(one => one.namespace === namespace && one.intent.isolation === 'audit')
  return [
    ...conflicts.map(
      name =>
        `${name} is somebody else's policy under a name that Tierwall needs: it is left alone; rename it, or see tierwall run --adopt`,
    ),
    ...kept.map(name => `${name} stays as it is: what it was made from is broken or out of sight`),
    ...[...restored]
      .filter(ref => ref.includes(` ${namespace}/`))
      .sort()
      .map(ref => `${ref} has errors: what it said before them stays in force`),
    ...going.map(
      ({ name, finalizers }) => `${name} is being deleted and waits for its finalizers (${finalizers.join(', ')})`,
    ),
    ...inAudit.map(({ policies: wanted }) => {
      const names = wanted.map(({ policy }) => policy.metadata.name).join(', ')
      return `the namespace is in audit, so nothing is written; in enforce it would be ${names}`
    }),
  ]
}
