/** The lanes' namespaces and pods, made once; then one application after the other is put on each of them. */

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { World } from '../../properties/shapes.ts'
import { writeObjects } from '../../properties/writing.ts'
import { clearNamespace } from '../case/clear.ts'
import type { Lab } from '../case/lab.ts'
import { type Json, shape } from '../case/object.ts'
import { listeningOn, withoutReplicas } from '../case/pods.ts'
import type { Host, PacketCluster } from '../fixture/index.ts'
import { buildWorld } from './build.ts'
import { writeOthers } from './others.ts'
import type { AppPick } from './picks.ts'
import { lanes, namespaceLabels, namespacesOf, randomProbes, slots } from './slots.ts'

export interface Ground {
  readonly hostAt: (namespace: string, slot: string) => Host
  /** All that was there before is gone, all that the application says is there; the operator has yet to hear of it. */
  readonly put: (pick: AppPick, lane: number) => Promise<World>
  readonly clear: () => Promise<void>
}

const podName = (slot: string) => `pod-${slot}`
const everyLane = Array.from({ length: lanes }, (_, lane) => lane)

export async function makeGround({ cluster, api }: Lab): Promise<Ground> {
  const clear = (lane: number) =>
    Promise.all(namespacesOf(lane).map((namespace, place) => clearNamespace(api, namespace, namespaceLabels[place])))
  await Promise.all(everyLane.map(clear))
  const hosts = new Map(await Promise.all(everyLane.flatMap(namespacesOf).flatMap(at => makePods(cluster, at))))
  const hostAt = (namespace: string, slot: string) => {
    const host = hosts.get(`${namespace}/${slot}`)
    if (!host) throw new Error(`there is no pod ${slot} in ${namespace}`)
    return host
  }
  /** What stands on each lane. */
  const there: (readonly Json[])[] = []
  const relabel = async ({ pods }: World) => {
    await Promise.all(
      pods.map(async ({ namespace, labels, ips: [address] }) => {
        const slot = slots.find(({ name }) => hostAt(namespace, name).address === address)
        const path = `/api/v1/namespaces/${namespace}/pods/${podName(slot?.name ?? '')}`
        const { status } = await api.client.request('PATCH', path, {
          body: [{ op: 'replace', path: '/metadata/labels', value: labels }],
          headers: { 'content-type': 'application/json-patch+json' },
        })
        if (status !== 200) throw new Error(`${path} keeps its labels: ${status}`)
      }),
    )
  }
  return {
    hostAt,
    async put(pick, lane) {
      const world = buildWorld(pick, lane, (namespace, slot) => hostAt(namespace, slot).address)
      const written = writeObjects({ ...world, pods: [] }).map(object =>
        withoutReplicas(withImage(shape.parse(object))),
      )
      const all = [...written, ...writeOthers(pick, lane).map(object => shape.parse(object))]
      const gone = (there[lane] ?? []).filter(former => !all.some(object => canBecome(former, object)))
      there[lane] = all
      await Promise.all(gone.map(({ kind, metadata }) => api.remove(kind, metadata.namespace ?? '', metadata.name)))
      await Promise.all([relabel(world), api.apply(...all)])
      return world
    },
    async clear() {
      await Promise.all(everyLane.map(clear))
      await Promise.all(
        everyLane
          .flatMap(namespacesOf)
          .flatMap(namespace => slots.map(({ name }) => cluster.removePod(namespace, podName(name)))),
      )
    },
  }
}

function makePods(cluster: PacketCluster, namespace: string) {
  return slots.map(async ({ name, ports }): Promise<readonly [string, Host]> => {
    const options = { namespace, name: podName(name), labels: { app: name }, ports: listeningOn(randomProbes, ports) }
    return [`${namespace}/${name}`, await cluster.addPod(options)]
  })
}

/** A workload's selector stays what it was made with; and whoever applies an AppTier without a word of its own, after words, applies none. */
function canBecome(former: Json, object: Json): boolean {
  const isSame = ['kind', 'namespace', 'name'].every(
    key => ({ ...former, ...former.metadata })[key] === { ...object, ...object.metadata }[key],
  )
  if (object.kind === 'AppTier') return isSame && isDeepStrictEqual(former.spec, object.spec)
  return isSame && isDeepStrictEqual(selectorOf(former), selectorOf(object))
}

function selectorOf(object: Json): unknown {
  return isWorkload(object) ? workloadShape.parse(object).spec.selector : undefined
}

const isWorkload = ({ kind }: Json) => kind === 'Deployment' || kind === 'StatefulSet'

/** The oracle's worlds do without, since no policy asks for it; the API server does not. */
function withImage(object: Json): Json {
  if (!isWorkload(object)) return object
  const { spec } = workloadShape.parse(object)
  const containers = spec.template.spec.containers.map(container => ({ ...container, image: 'packets.invalid/none' }))
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: { containers } } } }
}

const workloadShape = z.object({
  spec: z.looseObject({
    selector: z.unknown(),
    template: z.looseObject({ spec: z.object({ containers: z.array(z.looseObject({})) }) }),
  }),
})
