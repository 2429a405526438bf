/** A change of a policy → who asked for it, in the words of whoever did. */
import type { Decision } from '../../engine.ts'
import type { NamespaceIntent } from '../../intent/namespaces.ts'
import type { Member } from '../../intent/tier.ts'
import { isSharedName } from '../../policy/name.ts'
import { type Quoter, writeQuote } from '../quote.ts'
import type { PolicyChange } from './changes.ts'

export type ReasonFinder = (change: PolicyChange) => readonly string[]

export function findReasons({ namespaces, intent }: Decision, quote: Quoter): ReasonFinder {
  const byNamespace = new Map(
    namespaces.map(({ namespace, policies }) => [
      namespace,
      new Map(policies.map(({ policy, member }) => [policy.metadata.name, member])),
    ]),
  )
  return ({ verb, namespace, name }) => {
    const isolation = intent.isolationOf(namespace)
    const members = byNamespace.get(namespace)
    if (verb === 'delete') return [whyDeleted(name, isolation, members !== undefined, quote)]
    const member = members?.get(name)
    return member ? reasonsOf(member, quote) : [whyShared(isolation, quote)]
  }
}

function reasonsOf({ because, ports, from, to }: Member, quote: Quoter): readonly string[] {
  const fields = [ports, from, to].flatMap(field => (field.is === 'said' ? [field.because] : []))
  return [...new Set([because, ...fields].map(source => writeQuote(quote(source))))]
}

function whyShared({ byHand, because }: NamespaceIntent, quote: Quoter): string {
  return byHand ? writeQuote(quote(because)) : 'the namespace has a tier'
}

function whyDeleted(
  name: string,
  { isolation, byHand, because }: NamespaceIntent,
  hasTiers: boolean,
  quote: Quoter,
): string {
  if (isolation === 'audit' || isolation === 'off')
    return `${byHand ? '' : `the namespace is in ${isolation}: `}${writeQuote(quote(because))}`
  if (isolation === 'refused') return 'Tierwall writes nothing in this namespace'
  return isSharedName(name) || !hasTiers ? 'the namespace has no tier any more' : 'nobody asks for it any more'
}
