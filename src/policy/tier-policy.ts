/** One member's policy: its name, its words, and the rules that its grants come to. */
import { written } from '../api/annotations.ts'
import { writeSaid } from '../api/said.ts'
import { type Source, writeSource } from '../api/source.ts'
import type { Member } from '../intent/tier.ts'
import { namePolicy } from './name.ts'
import { egressOnWire, ingressOnWire, writePolicy } from './on-wire.ts'
import { selectorOnWire } from './peers.ts'
import { type Grant, makeRules, type Rule } from './rules.ts'
import type { WirePolicy } from './wire.ts'

export interface DesiredPolicy {
  readonly policy: WirePolicy
  /** The tier that it is for; the two shared ones are for none. */
  readonly member?: Member
  /** The policy's rules, in its order, with who asked for each peer. */
  readonly ingress: readonly Rule[]
  readonly egress: readonly Rule[]
}

export interface MemberGrants {
  readonly ingress: Grant[]
  readonly egress: Grant[]
}

/** The rules of DNS, which every tier's policy has, and a text that tells them from others. */
export interface DnsRules {
  readonly rules: readonly Rule[]
  readonly key: string
}

interface Made extends MemberGrants {
  readonly dns: string
  readonly desired: DesiredPolicy
}

/** Members are never changed, and most are asked for again with the same grants whenever another of their namespace is new. */
const made = new WeakMap<Member, Made>()

export function policyOf(member: Member, { ingress, egress }: MemberGrants, dns: DnsRules): DesiredPolicy {
  const known = made.get(member)
  if (known && known.dns === dns.key && sameGrants(known.ingress, ingress) && sameGrants(known.egress, egress))
    return known.desired
  const desired = makePolicy(member, { ingress, egress }, dns.rules)
  made.set(member, { ingress, egress, dns: dns.key, desired })
  return desired
}

/** Where they only look different, the policy is made again. */
function sameGrants(some: readonly Grant[], others: readonly Grant[]): boolean {
  return (
    some.length === others.length &&
    some.every((grant, index) => {
      const other = others[index]
      return (
        other !== undefined &&
        grant.to.key === other.to.key &&
        sameItems(grant.ports, other.ports) &&
        sameItems(grant.because, other.because)
      )
    })
  )
}

function sameItems(some: readonly unknown[] | 'all', others: readonly unknown[] | 'all'): boolean {
  if (some === others) return true
  if (some === 'all' || others === 'all') return false
  return some.length === others.length && some.every((item, index) => item === others[index])
}

/** Complete on its own: with the DNS rule, so that no other policy has to be there before it. */
function makePolicy(member: Member, grants: MemberGrants, dns: readonly Rule[]): DesiredPolicy {
  const { kind, name } = member.ref
  const { app, tier } = member.key
  const ingress = makeRules(grants.ingress)
  const egress = [...dns, ...makeRules(grants.egress)]
  const labels = { ...(app === '' ? {} : { [written.appLabel]: app }), [written.tierLabel]: tier }
  return {
    member,
    ingress,
    egress,
    policy: writePolicy(namePolicy({ kind, name, app, tier }), member.key.namespace, labels, annotationsOf(member), {
      podSelector: selectorOnWire(member.selector),
      ...ingressOnWire(ingress),
      ...egressOnWire(egress),
      policyTypes: ['Ingress', 'Egress'],
    }),
  }
}

function annotationsOf(member: Member): Readonly<Record<string, string>> {
  const said = writeSaid(member.said)
  return { [written.because]: becauseOf(member), ...(said === undefined ? {} : { [written.said]: said }) }
}

/** Objects and fields only: a file's lines move without anything having changed. */
function becauseOf({ because, ports, from, to }: Member): string {
  const said: [string, Source][] = [['tier', because]]
  for (const [name, field] of [
    ['ports', ports],
    ['from', from],
    ['to', to],
  ] as const)
    if (field.is === 'said') said.push([name, field.because])
  return said.map(([what, source]) => `${what}: ${writeSource(source)}`).join('; ')
}
