/** What label selectors can match: a selector is, key by key, a set of values (or none), and keys are independent. */
import type { LabelSelector, Labels } from './kubernetes.ts'
import { holdsAll } from './record.ts'
import { rememberByObject } from './remember.ts'

/** The values that a key may have: those listed, or all but those listed; and whether the key may be missing. */
interface Domain {
  readonly absent: boolean
  readonly allBut: boolean
  readonly values: ReadonlySet<string>
}

const anything: Domain = { absent: true, allBut: true, values: new Set() }

/** Selectors are never changed, and are compared with one another again and again. */
const domainsOf = rememberByObject(readDomains)

function readDomains(selector: LabelSelector): ReadonlyMap<string, Domain> {
  const domains = new Map<string, Domain>()
  const narrow = (key: string, by: Domain) => domains.set(key, intersect(domains.get(key) ?? anything, by))
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    narrow(key, { absent: false, allBut: false, values: new Set([value]) })
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (operator === 'In') narrow(key, { absent: false, allBut: false, values: new Set(values) })
    else if (operator === 'NotIn') narrow(key, { absent: true, allBut: true, values: new Set(values) })
    else if (operator === 'Exists') narrow(key, { absent: false, allBut: true, values: new Set() })
    else narrow(key, { absent: true, allBut: false, values: new Set() })
  }
  return domains
}

function intersect(a: Domain, b: Domain): Domain {
  const absent = a.absent && b.absent
  if (a.allBut && b.allBut) return { absent, allBut: true, values: new Set([...a.values, ...b.values]) }
  const [listed, other] = a.allBut ? [b, a] : [a, b]
  const values = [...listed.values].filter(value => other.values.has(value) !== other.allBut)
  return { absent, allBut: false, values: new Set(values) }
}

const isEmpty = (domain: Domain) => !domain.absent && !domain.allBut && domain.values.size === 0

function isWithin(inner: Domain, outer: Domain): boolean {
  if (inner.absent && !outer.absent) return false
  if (inner.allBut) return outer.allBut && [...outer.values].every(value => inner.values.has(value))
  return [...inner.values].every(value => outer.values.has(value) !== outer.allBut)
}

/** Every pod that `inner` selects is selected by `outer`. */
export function impliesSelector(inner: LabelSelector, outer: LabelSelector): boolean {
  if (isPlain(inner) && isPlain(outer)) return holdsAll(inner.matchLabels ?? {}, outer.matchLabels ?? {})
  const domains = domainsOf(inner)
  if (domains.values().some(isEmpty)) return true
  return domainsOf(outer)
    .entries()
    .every(([key, domain]) => isWithin(domains.get(key) ?? anything, domain))
}

/** Labels alone, as most are: those can contradict neither themselves nor each other within one selector. */
const isPlain = ({ matchExpressions }: LabelSelector) => matchExpressions === undefined || matchExpressions.length === 0

/** Some pod could be selected by both. */
export function selectorsMeet(a: LabelSelector, b: LabelSelector): boolean {
  const domains = new Map(domainsOf(a))
  for (const [key, domain] of domainsOf(b)) domains.set(key, intersect(domains.get(key) ?? anything, domain))
  return ![...domains.values()].some(isEmpty)
}

export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  if (isPlain(selector)) return holdsAll(labels, selector.matchLabels ?? {})
  return [...domainsOf(selector)].every(([key, domain]) => {
    if (!Object.hasOwn(labels, key)) return domain.absent
    return domain.values.has(labels[key] ?? '') !== domain.allBut
  })
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
}
