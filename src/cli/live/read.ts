/** A cluster, read once: all that decisions are made from, and the Pods where they may be seen. */
import type { Configuration } from '../../api/configuration.ts'
import { type Pod, readerOf } from '../../api/kubernetes.ts'
import { type Failure, isStatus, listPages, pathOf, type Send } from '../../cluster/index.ts'
import { ordinaryPageSize } from '../../cluster/list.ts'
import { pods, resources, type Watched } from '../../live/resources.ts'
import { readSeen, type Seen } from '../../live/seen.ts'
import { type ReadPolicy, readSeenPolicy } from '../../live/seen-policy.ts'
import { dnsNamespaces } from '../../live/shared.ts'
import { isAppTierDefined } from '../../operator/definition.ts'

export interface Reading {
  /** Namespaces, workloads and AppTiers. */
  readonly objects: readonly Seen[]
  /** Of the cluster's DNS and its API server. */
  readonly shared: readonly Seen[]
  /** The namespaces where these are looked for. */
  readonly sharedIn: readonly string[]
  readonly policies: readonly ReadPolicy[]
  readonly servesAppTiers: boolean
  /** Nothing where they may not be listed. */
  readonly pods: readonly Pod[] | undefined
  /** What decisions need and may not be listed: `services in kube-system`. */
  readonly refused: readonly string[]
}

export type Read = { readonly reading: Reading } | { readonly failure: Failure }

interface Asked {
  readonly send: Send
  readonly configuration: Configuration
  /** The namespaces to look at; none for all. */
  readonly scope: readonly string[]
}

export async function readCluster(asked: Asked): Promise<Read> {
  const { send, configuration, scope } = asked
  const everywhere = (what: Watched) => (scope.length > 0 ? scope : [undefined]).map(namespace => ({ what, namespace }))
  const { deployments, statefulSets, daemonSets, appTiers, networkPolicies, services, dnsSlices } = resources
  const namespaces = await readNamespaces(asked)
  const names = namespaces.items.flatMap(json => readSeen(json)?.ref.name ?? [])
  const dns = dnsNamespaces(configuration, scope.length > 0 ? [] : names)
  const list = async (places: readonly Place[]) =>
    joinLists(await Promise.all(places.map(place => listAll(send, place))))
  const [workloads, tiers, policies, shared, found, isDefined] = await Promise.all([
    list([deployments, statefulSets, daemonSets].flatMap(everywhere)),
    list(everywhere(appTiers)),
    list(everywhere(networkPolicies)),
    list([
      ...dns.flatMap(namespace => [services, dnsSlices].map(what => ({ what, namespace }))),
      { what: resources.apiServerSlices, namespace: 'default' },
    ]),
    list(everywhere(pods)),
    isAppTierDefined(send),
  ])
  const needed = joinLists([namespaces, workloads, tiers, policies, shared])
  const [failure] = [...needed.failures, ...found.failures]
  if (failure) return { failure }
  return {
    reading: {
      objects: [...namespaces.items, ...workloads.items, ...tiers.items].flatMap(json => readSeen(json) ?? []),
      shared: shared.items.flatMap(json => readSeen(json) ?? []),
      sharedIn: dns,
      policies: policies.items.flatMap(json => readSeenPolicy(json) ?? []),
      servesAppTiers: !tiers.absent && isDefined !== false,
      pods: found.refused.length > 0 ? undefined : found.items.flatMap(readPod),
      refused: needed.refused,
    },
  }
}

function readPod(json: unknown): readonly Pod[] {
  const read = readerOf('v1', 'Pod')?.(json)
  return read?.success && read.data.is === 'pod' ? [read.data.object] : []
}

interface Listed {
  readonly items: readonly unknown[]
  /** The resource is not served. */
  readonly absent: boolean
  readonly refused: readonly string[]
  readonly failures: readonly Failure[]
}

interface Place {
  readonly what: Watched
  readonly namespace: string | undefined
}

async function listAll(send: Send, { what, namespace }: Place): Promise<Listed> {
  const items: unknown[] = []
  const path = pathOf(what, { namespace })
  const query = { labelSelector: what.labelSelector }
  const reply = await listPages(send, { path, query, pageSize: ordinaryPageSize }, item => items.push(item))
  if (reply.ok) return { ...nothing, items }
  if (isStatus(reply.failure, 404)) return { ...nothing, absent: true }
  return withFailure(reply.failure, `${what.plural}${namespace === undefined ? '' : ` in ${namespace}`}`)
}

const nothing: Listed = { items: [], absent: false, refused: [], failures: [] }

function withFailure(failure: Failure, what: string): Listed {
  return isStatus(failure, 403) ? { ...nothing, refused: [what] } : { ...nothing, failures: [failure] }
}

/** Whoever may look at some namespaces only may not list them. */
async function readNamespaces({ send, scope }: Asked): Promise<Listed> {
  const what = resources.namespaces
  if (scope.length === 0) return listAll(send, { what, namespace: undefined })
  const each = scope.map(async (name): Promise<Listed> => {
    const reply = await send({ method: 'GET', path: pathOf(what, { name }) })
    if (reply.ok) return { ...nothing, items: [reply.body] }
    return isStatus(reply.failure, 404) ? nothing : withFailure(reply.failure, `namespace ${name}`)
  })
  return joinLists(await Promise.all(each))
}

function joinLists(lists: readonly Listed[]): Listed {
  return {
    items: lists.flatMap(({ items }) => items),
    absent: lists.some(({ absent }) => absent),
    refused: [...new Set(lists.flatMap(({ refused }) => refused))],
    failures: lists.flatMap(({ failures }) => failures),
  }
}
