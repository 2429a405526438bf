/** A kubelet for the pods of a probe on the packet cluster's node: their processes run in networks that Cilium joins. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, type Kubelet, startKubelet, writePrograms } from '../../operator/kubelet/index.ts'
import type { PacketCluster } from '../fixture/index.ts'
import { nodeName } from '../fixture/network.ts'

const program = join(import.meta.dirname, 'agnhost.ts')

export function startPacketKubelet(cluster: PacketCluster, more: Pick<Host, 'ended'> = {}): Kubelet {
  const folder = mkdtempSync(join(tmpdir(), 'probe-kubelet-'))
  const agnhost = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`
  const host: Host = {
    place: () => nodeName,
    bin: writePrograms(join(folder, 'bin'), { agnhost }),
    join: ({ metadata }) => cluster.join(metadata.namespace, metadata.name),
    ...more,
  }
  const kubelet = startKubelet({ plane: cluster.plane, hostOf: () => host })
  return {
    pods: kubelet.pods,
    async stop() {
      await kubelet.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
