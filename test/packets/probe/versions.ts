/** What Tierwall and its users wrote into the cluster, each object with its version. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import { readList } from '../../controlplane/read.ts'
import { eventually } from '../../operator/cluster.ts'
import type { PacketCluster } from '../fixture/index.ts'

const versioned = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default(''), resourceVersion: z.string() }),
})

/** Once their controllers have nothing more to say. */
export function readSteady(cluster: PacketCluster): Promise<readonly string[]> {
  return eventually(async () => {
    const first = await readAll(cluster)
    await sleep(1_000)
    expect(await readAll(cluster)).toEqual(first)
    return first
  }, 30_000)
}

/** Whatever was written, and be it back again, has another version. */
export async function readAll({ plane }: PacketCluster): Promise<readonly string[]> {
  const paths = ['networking.k8s.io/v1/networkpolicies', 'tierwall.dev/v1alpha1/apptiers', 'apps/v1/deployments']
  const read = [...paths.map(path => `/apis/${path}`), '/api/v1/namespaces'].map(async path => {
    const items = await readList(plane, path, versioned)
    return items.map(
      ({ metadata: { name, namespace, resourceVersion } }) =>
        `${path.split('/').at(-1)} ${namespace}/${name} ${resourceVersion}`,
    )
  })
  return (await Promise.all(read)).flat().sort()
}
