/** Asks the cluster for all that the checks want to know. Nothing here judges, and what is refused ends nothing. */
import { type KubernetesObject, readerOf } from '../api/kubernetes.ts'
import { leases, type Send } from '../cluster/index.ts'
import type { Resource } from '../cluster/resource.ts'
import { placeLease } from '../live/place-lease.ts'
import { definitions, operator, resources } from '../live/resources.ts'
import { readSeenPolicy } from '../live/seen-policy.ts'
import { dnsNamespaces } from '../live/shared.ts'
import { askRights, type Scope } from './ask-rights.ts'
import { configMapName, configMaps, configurationOf, readConfigMap } from './configured.ts'
import type { Admission, Agent, Configured, Facts, Lease, Look } from './facts.ts'
import { joinLooks, lookAt, lookAtAll, lookFor, readReply } from './look.ts'
import { lookForRemains } from './remains.ts'
import * as shapes from './shapes.ts'

export interface Question {
  readonly send: Send
  readonly tierwall: string
  /** The one namespace to look at; nothing for all of them. */
  readonly namespace: string | undefined
  /** Where the user gave a file; else the operator's ConfigMap is read. */
  readonly configured: Configured | undefined
  /** Of the kubeconfig: where an operator outside the cluster keeps its Lease if its own namespace is not there. */
  readonly contextNamespace: string | undefined
  /** By this machine's clock. */
  readonly now: number
}

const nodes: Resource = { group: '', version: 'v1', plural: 'nodes' }

export async function gatherFacts(question: Question): Promise<Facts> {
  const { send, tierwall, namespace } = question
  // What else is to be asked depends on these.
  const [namespaces, agents, configured] = await Promise.all([
    lookAtAll(send, resources.namespaces, undefined, readObject),
    lookAtAll(send, resources.daemonSets, undefined, shapes.readAgent),
    question.configured ? { seen: question.configured } : lookAtConfigMap(send),
  ])
  const scope = makeScope(question, namespaces, configured)
  const account = { namespace: scope.operatorNamespace, name: operator.account }
  const rest = {
    groups: lookFor(send, { method: 'GET', path: '/apis' }, shapes.readGroups),
    servesPolicies: lookFor(send, { method: 'GET', path: '/apis/networking.k8s.io/v1' }, shapes.readPlurals),
    nodes: lookAt(send, nodes, {}, shapes.readNodes, { limit: 500 }),
    settings: lookAtSettings(send, agents),
    dns: lookAtDns(send, scope),
    policies: lookAtAll(send, resources.networkPolicies, namespace, readSeenPolicy),
    definition: lookAt(send, definitions, { name: 'apptiers.tierwall.dev' }, shapes.readDefinition),
    admission: lookAtAdmission(send),
    lease: lookAtLease(question, namespaces, scope),
    // The definition of AppTier may have come first, or stay for an operator elsewhere.
    remains: lookForRemains(send, scope.operatorNamespace, ['rights', 'admission']),
    ownRights: askRights(send, scope),
    operatorRights: askRights(send, scope, account),
  }
  return {
    ...{ tierwall, namespace, namespaces, agents, configured, ...(await lookAtServer(question)) },
    groups: mapLook(await rest.groups, groups => groups ?? []),
    servesPolicies: mapLook(await rest.servesPolicies, plurals => plurals?.includes('networkpolicies') === true),
    nodes: mapLook(await rest.nodes, nodes => nodes ?? []),
    settings: await rest.settings,
    dns: await rest.dns,
    policies: await rest.policies,
    definition: await rest.definition,
    admission: await rest.admission,
    lease: await rest.lease,
    remains: await rest.remains,
    ownRights: await rest.ownRights,
    operatorRights: await rest.operatorRights,
  }
}

function mapLook<T, R>(look: Look<T>, map: (seen: T) => R): Look<R> {
  return 'unseen' in look ? look : { seen: map(look.seen) }
}

function readObject(json: unknown): KubernetesObject | undefined {
  const { apiVersion, kind } = shapes.readType(json)
  return readerOf(apiVersion, kind)?.(json).data
}

async function lookAtConfigMap(send: Send): Promise<Look<Configured>> {
  const { operatorNamespace: namespace } = configurationOf(undefined)
  const look = await lookAt(send, configMaps, { namespace, name: configMapName }, shapes.readSettings)
  return 'unseen' in look ? look : { seen: readConfigMap(namespace, look.seen) }
}

function makeScope(
  { namespace }: Question,
  namespaces: Look<readonly KubernetesObject[]>,
  configured: Look<Configured>,
): Scope {
  const configuration = configurationOf(configured)
  const { operatorNamespace, operator } = configuration
  const known = 'seen' in namespaces ? namespaces.seen.map(({ object }) => object.metadata.name) : ['kube-system']
  return {
    namespaces: namespace === undefined ? operator.namespaces : [namespace],
    dnsNamespaces: dnsNamespaces(configuration, known).filter(name => known.includes(name)),
    operatorNamespace,
  }
}

/** Where an operator would keep its Lease. */
function lookAtLease(
  { send, contextNamespace }: Question,
  namespaces: Look<readonly KubernetesObject[]>,
  { operatorNamespace }: Scope,
): Promise<Look<Lease | undefined>> {
  const isMissing =
    'seen' in namespaces && !namespaces.seen.some(({ object }) => object.metadata.name === operatorNamespace)
  const namespace = placeLease({ operatorNamespace, isMissing, contextNamespace })
  return lookAt(send, leases, { namespace, name: operator.lease }, shapes.readLease)
}

/** Ages are told by the clock that wrote the times. */
async function lookAtServer({ send, now }: Question): Promise<Pick<Facts, 'version' | 'now'>> {
  const reply = await send({ method: 'GET', path: '/version' })
  const date = Date.parse(reply.ok ? String(reply.headers.date) : '')
  const version = readReply(reply, shapes.readVersionReply, 'get /version')
  return { version, now: Number.isNaN(date) ? now : date }
}

/** Where they say whether they enforce. */
async function lookAtSettings(send: Send, agents: Look<readonly Agent[]>): Promise<Facts['settings']> {
  const found = 'seen' in agents ? agents.seen : []
  const ciliums = found.filter(({ containers }) => containers.some(({ name }) => name === 'cilium-agent'))
  const places = [
    { namespace: 'kube-system', name: 'amazon-vpc-cni' },
    ...ciliums.map(({ namespace }) => ({ namespace, name: 'cilium-config' })),
  ]
  const looks = places.map(async place => {
    const look = await lookAt(send, configMaps, place, shapes.readSettings)
    return [`${place.namespace}/${place.name}`, look] as const
  })
  return new Map(await Promise.all(looks))
}

/** Workloads as well: pods on the host's network are found by their addresses. */
async function lookAtDns(send: Send, { dnsNamespaces }: Scope): Promise<Look<readonly KubernetesObject[]>> {
  const { services, dnsSlices, deployments, daemonSets } = resources
  const looks = dnsNamespaces.flatMap(namespace =>
    [services, dnsSlices, deployments, daemonSets].map(what => lookAtAll(send, what, namespace, readObject)),
  )
  return joinLooks(await Promise.all(looks))
}

async function lookAtAdmission(send: Send): Promise<Look<Admission | undefined>> {
  const kind = (plural: string): Resource => ({ group: 'admissionregistration.k8s.io', version: 'v1', plural })
  const [policies, bound] = await Promise.all([
    lookAt(send, kind('validatingadmissionpolicies'), {}, shapes.readNames),
    lookAt(send, kind('validatingadmissionpolicybindings'), {}, shapes.readBound),
  ])
  if ('unseen' in policies) return policies
  if ('unseen' in bound) return bound
  if (!policies.seen || !bound.seen) return { seen: undefined }
  return { seen: { policies: policies.seen.filter(name => name.startsWith('tierwall')).sort(), bound: bound.seen } }
}
