/** A cluster that containers reach: the control plane of the other tests, on this machine's loopback address. */
import type { GenericContainer, StartedTestContainer } from 'testcontainers'
import { parse } from 'yaml'
import { z } from 'zod'
import { startControlPlane } from '../../src/controlplane/index.ts'
import type { Server } from '../../src/controlplane/kubeconfig.ts'
import { findFreePort } from '../../src/controlplane/ports.ts'

export interface ImageCluster {
  /** Of its admin, from this machine. */
  readonly kubeconfigFile: string
  /** As a container reaches it. */
  readonly server: Server
  readonly place: (container: GenericContainer) => Promise<Placed>
  readonly stop: () => Promise<void>
}

export interface Placed {
  readonly container: GenericContainer
  /** For `tierwall run`. */
  readonly flags: readonly string[]
  readonly healthOf: (started: StartedTestContainer) => string
}

export async function startOnThisMachine(): Promise<ImageCluster> {
  const plane = await startControlPlane()
  return {
    kubeconfigFile: plane.access.kubeconfigFile,
    server: plane.access,
    async place(container) {
      // The host's ports are shared with whatever runs there.
      const [health, metrics] = [await findFreePort(), await findFreePort()]
      return {
        container: container.withNetworkMode('host'),
        flags: [`--health=127.0.0.1:${health}`, `--metrics=127.0.0.1:${metrics}`],
        healthOf: () => `http://127.0.0.1:${health}`,
      }
    },
    stop: plane.stop,
  }
}

const shape = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
})

/** Where a kubeconfig leads. */
export function serverOf(kubeconfig: string): Server {
  const [{ cluster }] = shape.parse(parse(kubeconfig)).clusters
  return { url: cluster.server, ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString() }
}
