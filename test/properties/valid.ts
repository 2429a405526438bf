/** What a 1.36 API server checks in a NetworkPolicy, from its documented rules, and what Tierwall never writes besides. */
import { isIPv4, isIPv6 } from 'node:net'
import { addressOf, familyOf, rangeOf } from './addresses.ts'

type Complain = (at: string, what: string) => void
type Fields = Readonly<Record<string, unknown>>

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/

/** What the declared peers allow: an empty selector is written for `namespace` and `cluster` alone. */
export interface Allowed {
  readonly wholeNamespace: boolean
  readonly wholeCluster: boolean
}

/** Every reason to refuse the policy; none where it is valid. */
export function faultsOf(policy: unknown, allowed: Allowed): string[] {
  const faults: string[] = []
  const complain: Complain = (at, what) => faults.push(`${at}: ${what}`)
  const { apiVersion, kind, metadata, spec } = fieldsOf(policy)
  if (apiVersion !== 'networking.k8s.io/v1' || kind !== 'NetworkPolicy') complain('', 'is no NetworkPolicy')
  checkMetadata(fieldsOf(metadata), complain)
  checkSpec(fieldsOf(spec), allowed, complain)
  if (JSON.stringify(policy).length > 1024 * 1024) complain('', 'is larger than etcd takes')
  return faults
}

export const isValidName = (name: unknown) => typeof name === 'string' && name.length <= 253 && subdomain.test(name)

function checkMetadata({ name, namespace, labels, annotations, ...others }: Fields, complain: Complain): void {
  if (!isValidName(name)) complain('metadata.name', `${name} is no DNS subdomain`)
  if (typeof namespace !== 'string' || namespace.length > 63 || !label.test(namespace))
    complain('metadata.namespace', `${namespace} is no DNS label`)
  checkLabels(labels, 'metadata.labels', complain)
  let size = 0
  for (const [key, value] of Object.entries(fieldsOf(annotations))) {
    if (!isLabelKey(key.toLowerCase())) complain('metadata.annotations', `${key} is no key`)
    if (typeof value !== 'string') complain('metadata.annotations', `${key} is no text`)
    else size += Buffer.byteLength(key) + Buffer.byteLength(value)
  }
  if (size > 256 * 1024) complain('metadata.annotations', 'are larger than 256 KiB')
  if (Object.keys(others).length > 0) complain('metadata', `has ${Object.keys(others)}`)
}

function checkSpec(
  { podSelector, ingress, egress, policyTypes, ...others }: Fields,
  allowed: Allowed,
  complain: Complain,
): void {
  if (podSelector === undefined) complain('spec.podSelector', 'is missing')
  checkSelector(podSelector, 'spec.podSelector', complain)
  const types = listOf(policyTypes)
  const isKnown = (type: unknown) => type === 'Ingress' || type === 'Egress'
  if (types.length === 0 || types.length > 2 || new Set(types).size !== types.length || !types.every(isKnown))
    complain('spec.policyTypes', JSON.stringify(policyTypes))
  if (ingress !== undefined && !types.includes('Ingress')) complain('spec.ingress', 'stands without its type')
  if (egress !== undefined && !types.includes('Egress')) complain('spec.egress', 'stands without its type')
  for (const [place, rule] of listOf(ingress).entries())
    checkRule(fieldsOf(rule), 'from', `spec.ingress[${place}]`, allowed, complain)
  for (const [place, rule] of listOf(egress).entries())
    checkRule(fieldsOf(rule), 'to', `spec.egress[${place}]`, allowed, complain)
  if (Object.keys(others).length > 0) complain('spec', `has ${Object.keys(others)}`)
}

function checkRule(rule: Fields, side: 'from' | 'to', at: string, allowed: Allowed, complain: Complain): void {
  const { [side]: peers, ports, ...others } = rule
  if (Object.keys(others).length > 0) complain(at, `has ${Object.keys(others)}`)
  if (peers !== undefined && listOf(peers).length === 0) complain(`${at}.${side}`, 'is empty, which means everyone')
  if (ports !== undefined && listOf(ports).length === 0) complain(`${at}.ports`, 'is empty, which means all')
  if (side === 'from' && ports === undefined) complain(`${at}.ports`, 'are missing, which means all')
  for (const [place, peer] of listOf(peers).entries())
    checkPeer(fieldsOf(peer), `${at}.${side}[${place}]`, allowed, complain)
  for (const [place, port] of listOf(ports).entries()) checkPort(fieldsOf(port), `${at}.ports[${place}]`, complain)
}

function checkPeer(peer: Fields, at: string, allowed: Allowed, complain: Complain): void {
  const { ipBlock, podSelector, namespaceSelector, ...others } = peer
  if (Object.keys(others).length > 0) complain(at, `has ${Object.keys(others)}`)
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined
  if ((ipBlock !== undefined) === hasSelector) complain(at, 'is not exactly one of ipBlock and selectors')
  if (ipBlock !== undefined) checkBlock(fieldsOf(ipBlock), at, complain)
  if (!hasSelector) return
  checkSelector(podSelector ?? { matchLabels: { x: 'x' } }, `${at}.podSelector`, complain)
  checkSelector(namespaceSelector ?? { matchLabels: { x: 'x' } }, `${at}.namespaceSelector`, complain)
  const meansAllPods = podSelector === undefined || isEmpty(podSelector)
  if (!meansAllPods) return
  if (namespaceSelector === undefined && !allowed.wholeNamespace) complain(at, 'means the whole namespace')
  if (namespaceSelector !== undefined && isEmpty(namespaceSelector) && !allowed.wholeCluster)
    complain(at, 'means the whole cluster')
}

function checkBlock({ cidr, except, ...others }: Fields, at: string, complain: Complain): void {
  if (Object.keys(others).length > 0) complain(at, `has ${Object.keys(others)}`)
  if (!isCanonical(cidr)) {
    complain(`${at}.cidr`, `${cidr} is no canonical CIDR`)
    return
  }
  const whole = rangeOf(cidr)
  for (const part of listOf(except)) {
    if (!isCanonical(part)) {
      complain(`${at}.except`, `${part} is no canonical CIDR`)
      continue
    }
    const { family, first, last } = rangeOf(part)
    const isInside = family === whole.family && first >= whole.first && last <= whole.last
    if (!isInside || last - first >= whole.last - whole.first) complain(`${at}.except`, `${part} is not within ${cidr}`)
  }
}

function isCanonical(cidr: unknown): cidr is string {
  if (typeof cidr !== 'string') return false
  const [ip = '', prefix = '', ...more] = cidr.split('/')
  if (more.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(prefix)) return false
  if (!(isIPv4(ip) ? Number(prefix) <= 32 : isIPv6(ip) && Number(prefix) <= 128)) return false
  const written = addressOf(rangeOf(cidr).first, familyOf(ip))
  return ip === (isIPv4(ip) ? written : new URL(`http://[${written}]`).hostname.slice(1, -1))
}

function checkPort({ port, endPort, protocol, ...others }: Fields, at: string, complain: Complain): void {
  if (Object.keys(others).length > 0) complain(at, `has ${Object.keys(others)}`)
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') complain(at, `protocol is ${protocol}`)
  const isNumber = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535
  if (typeof port === 'string') {
    const isName =
      port.length <= 15 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(port) && /[a-z]/.test(port) && !port.includes('--')
    if (!isName) complain(at, `${port} is no IANA service name`)
    if (endPort !== undefined) complain(at, 'endPort stands beside a name')
  } else if (!isNumber(port)) complain(at, `port is ${port}, and none means all of the protocol`)
  else if (endPort !== undefined && (!isNumber(endPort) || endPort < port)) complain(at, `endPort is ${endPort}`)
}

function checkSelector(selector: unknown, at: string, complain: Complain): void {
  const { matchLabels, matchExpressions, ...others } = fieldsOf(selector)
  if (Object.keys(others).length > 0) complain(at, `has ${Object.keys(others)}`)
  checkLabels(matchLabels, at, complain)
  for (const expression of listOf(matchExpressions)) {
    const { key, operator, values, ...more } = fieldsOf(expression)
    if (Object.keys(more).length > 0) complain(at, `has ${Object.keys(more)}`)
    if (!isLabelKey(key)) complain(at, `${key} is no key`)
    const takesValues = operator === 'In' || operator === 'NotIn'
    if (!takesValues && operator !== 'Exists' && operator !== 'DoesNotExist') complain(at, `operator is ${operator}`)
    if (listOf(values).length > 0 !== takesValues) complain(at, `${operator} with values ${JSON.stringify(values)}`)
    for (const value of listOf(values)) if (!isLabelValue(value)) complain(at, `${value} is no value`)
  }
}

function checkLabels(labels: unknown, at: string, complain: Complain): void {
  for (const [key, value] of Object.entries(fieldsOf(labels))) {
    if (!isLabelKey(key)) complain(at, `${key} is no key`)
    if (!isLabelValue(value)) complain(at, `${value} is no value`)
  }
}

function isLabelKey(key: unknown): boolean {
  if (typeof key !== 'string') return false
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  return name.length <= 63 && word.test(name) && (slash < 0 || isValidName(key.slice(0, slash)))
}

const isLabelValue = (value: unknown) =>
  typeof value === 'string' && value.length <= 63 && (value === '' || word.test(value))

const isEmpty = (selector: unknown) =>
  Object.keys(fieldsOf(fieldsOf(selector).matchLabels)).length === 0 &&
  listOf(fieldsOf(selector).matchExpressions).length === 0

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
