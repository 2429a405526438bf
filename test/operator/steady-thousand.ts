/** A cluster of a thousand Deployments, and how long an operator takes to know it. */
import { expect } from 'vitest'
import { z } from 'zod'
import { readList } from '../controlplane/read.ts'
import { type Cluster, eventually, type Json } from './cluster.ts'
import { readMetric } from './config-pages.ts'
import { appTier, namespace, workload } from './objects.ts'
import type { OperatorProcess } from './operator.ts'

export const spaces = Array.from({ length: 50 }, (_, index) => `shop-${index}`)
const perSpace = 20

const hasMistakes = (space: string) => Number(space.slice(5)) % 5 === 0

/** A Deployment and an AppTier of every fifth namespace are wrong, and each is told of. */
export const mistakes = 2 * spaces.filter(hasMistakes).length

/** Each tier opens its port to the one before. */
export async function makeThousand(cluster: Cluster): Promise<void> {
  await Promise.all(spaces.map(space => fill(cluster, space)))
}

async function fill(cluster: Cluster, space: string): Promise<void> {
  const wrong = hasMistakes(space) ? '80-79' : '8000'
  await cluster.apply(
    namespace(space),
    ...Array.from({ length: perSpace }, (_, index) =>
      atRest(
        workload(space, `tier${index}`, {
          tier: `tier${index}`,
          ports: index === 0 ? wrong : '8000',
          'allow-from': `tier${(index + 1) % perSpace}`,
        }),
      ),
    ),
    appTier(space, 'cache', {
      selector: { matchLabels: { app: 'cache' } },
      from: [{ tier: 'tier1' }],
      ...(hasMistakes(space) ? {} : { ports: [{ port: 6379 }] }),
    }),
  )
}

/** Pods would be made for nothing. */
function atRest({ spec, ...deployment }: Json): Json {
  return { ...deployment, spec: { ...z.looseObject({}).parse(spec), replicas: 0 } }
}

/** From the process's start to the first moment at which nothing is left to be done. */
export async function measureStart(operator: OperatorProcess): Promise<string> {
  const since = performance.now()
  const passed = () => `${((performance.now() - since) / 1_000).toFixed(1)} s`
  await operator.ready()
  const known = passed()
  await eventually(async () => {
    expect(await readMetric(operator, 'tierwall_last_settled_timestamp_seconds')).toBeGreaterThan(0)
  }, 60_000)
  const settled = passed()
  const memory = (await readMetric(operator, 'process_resident_memory_bytes')) ?? Number.NaN
  return `known after ${known}, settled after ${settled}, ${Math.round(memory / 2 ** 20)} MiB resident`
}

const item = z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string() }) })

const listAll = ({ client }: Cluster, path: string) => readList(client, `/apis/${path}`, item)

export async function countEvents(cluster: Cluster): Promise<number> {
  const selector = encodeURIComponent('reportingController=tierwall.dev/operator')
  return (await listAll(cluster, `events.k8s.io/v1/events?fieldSelector=${selector}`)).length
}

/** Whatever the operator could have written, by its versions. */
export async function readVersions(cluster: Cluster): Promise<readonly string[]> {
  const paths = ['networking.k8s.io/v1/networkpolicies', 'tierwall.dev/v1alpha1/apptiers', 'events.k8s.io/v1/events']
  const items = await Promise.all(paths.map(path => listAll(cluster, path)))
  return items
    .flat()
    .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
    .sort()
}
