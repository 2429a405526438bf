import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { K3sContainer } from '@testcontainers/k3s'
import { Network } from 'testcontainers'
import { type ImageCluster, serverOf } from './cluster.ts'
import { k3sImage } from './k3s-image.ts'
import { describeOperator } from './operator.ts'

describeOperator('k3s', startK3s)

/** Both containers are in one network, where they know each other by name. */
async function startK3s(): Promise<ImageCluster> {
  const network = await new Network().start()
  const k3s = await new K3sContainer(k3sImage).withNetwork(network).withNetworkAliases('k3s').start()
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-k3s-'))
  const kubeconfigFile = join(folder, 'kubeconfig')
  writeFileSync(kubeconfigFile, k3s.getKubeConfig(), { mode: 0o600 })
  return {
    kubeconfigFile,
    server: serverOf(k3s.getAliasedKubeConfig('k3s')),
    place: async container => ({
      container: container.withNetwork(network).withExposedPorts(8081),
      flags: [],
      healthOf: started => `http://${started.getHost()}:${started.getMappedPort(8081)}`,
    }),
    async stop() {
      await k3s.stop()
      await network.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
