/** `doctor --probe` on real packets: Cilium enforces, has died on the way, or is not there at all. */
import { expect, onTestFinished } from 'vitest'
import type { Host } from '../../operator/kubelet/index.ts'
import { type PacketCluster, packetTest } from '../fixture/index.ts'
import { applyCiliumObjects, type CiliumObjects } from './cilium-objects.ts'
import { countInterfaces, findLeft, runDoctor, startDoctor } from './doctor.ts'
import { startPacketKubelet } from './kubelet.ts'

const version = /v1\.15\.\d+/.source
const cilium = `Cilium ${version} \\(DaemonSet kube-system/cilium\\)`
const withoutAgent =
  'FailedCreatePodSandBox: Failed to create pod sandbox: plugin type="cilium-cni" failed \\(add\\): unable to connect to Cilium agent: .*'

function withKubelet(cluster: PacketCluster, more: Pick<Host, 'ended'> = {}) {
  const kubelet = startPacketKubelet(cluster, more)
  onTestFinished(() => kubelet.stop())
  return kubelet
}

packetTest('a probe proves that Cilium enforces, and leaves nothing behind', async ({ cluster }) => {
  await applyCiliumObjects(cluster)
  const kubelet = withKubelet(cluster)
  const interfaces = await countInterfaces()
  const { code, stdout, stderr } = await runDoctor(cluster, '--probe')
  expect(stdout).toMatch(
    /^ok {4}probe: a deny of ingress and one of egress each shut what was open before and after \(pods on node-1\)$/m,
  )
  expect(stdout).toMatch(line('ok', `network plugin: ${cilium} enforces policies`))
  expect(code).toBe(0)
  for (const direction of ['ingress', 'egress'])
    for (const told of [
      `the client reaches the server, and deny-${direction} is written`,
      'the client is shut out, and the policy is removed',
      'the client reaches the server again',
    ])
      expect(stderr).toContain(`probe: ${direction}: ${told}\n`)
  expect([...kubelet.pods.values()].map(({ metadata }) => metadata.name)).toEqual([
    'server',
    'client-ingress',
    'client-egress',
  ])
  expect(await findLeft(cluster)).toEqual([])
  expect(await countInterfaces()).toBe(interfaces)
})

packetTest('a probe finds out that policies have no effect where the agent has died', async ({ cluster }) => {
  const stopAgent = agentStopper(cluster, await applyCiliumObjects(cluster))
  const interfaces = await countInterfaces()
  withKubelet(cluster, {
    // What is written from here on reaches nobody, and what the kernel has lets everything pass.
    ended: async (pod, container) => {
      if (pod.metadata.name === 'client-ingress' && container.name === 'before') await stopAgent()
    },
  })
  // Longer than the plugin tries to reach its agent for the second client.
  const { code, stdout, stderr } = await runDoctor(cluster, '--probe', '--timeout', '68s')
  expect(stderr).toContain('probe: ingress: the client still reaches the server after 20 tries\n')
  expect(stdout).toMatch(
    line(
      'fail',
      'probe: ingress is not enforced: 20 tries after a deny its pods still connect \\(pods on node-1\\) — .*',
    ),
  )
  expect(stdout).toMatch(
    line('fail', `probe: cannot tell: pod client-egress was not through after 68 s: ${withoutAgent} — .*`),
  )
  expect(stdout).toMatch(line('warn', `network plugin: ${cilium} should enforce policies — the probe shows .*`))
  expect(stdout).toMatch(line('warn', 'network plugin: Cilium is not ready on 1 of 1 nodes — .*'))
  expect(code).toBe(1)
  expect(await findLeft(cluster)).toEqual([])
  expect(await countInterfaces()).toBe(interfaces)
})

packetTest('a probe cannot tell where pods do not start for want of the agent, and says so', async ({ cluster }) => {
  const stopAgent = agentStopper(cluster, await applyCiliumObjects(cluster))
  withKubelet(cluster)
  await stopAgent()
  const { code, stdout } = await runDoctor(cluster, '--probe', '--timeout', '36s')
  expect(stdout).toMatch(
    line('fail', `probe: cannot tell: pod server was not through after 36 s: ${withoutAgent} — it is not proved .*`),
  )
  expect(stdout).toMatch(line('warn', 'network plugin: Cilium is not ready on 1 of 1 nodes — .*'))
  expect(code).toBe(1)
  expect(await findLeft(cluster)).toEqual([])
})

packetTest('a probe that is interrupted takes its pods and namespace with it', async ({ cluster }) => {
  withKubelet(cluster)
  const { child, ended } = startDoctor(cluster, ['--probe'])
  const denied = new Promise<void>(resolve => {
    child.stderr?.on('data', said => String(said).includes('deny-ingress is written') && resolve())
  })
  await Promise.race([denied, ended])
  const interrupted = performance.now()
  child.kill('SIGINT')
  const { code, stdout, stderr } = await ended
  console.log(`doctor --probe: gone ${((performance.now() - interrupted) / 1_000).toFixed(1)} s after SIGINT`)
  expect(stderr).toMatch(/^probe: stops, and clears up first\nprobe: removes namespace tierwall-probe-\w{8}\n$/m)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(await findLeft(cluster)).toEqual([])
})

/** Stops the agent when it is called, until the test is over. */
function agentStopper({ agent }: PacketCluster, { tellReady }: CiliumObjects): () => Promise<void> {
  let isStopped = false
  onTestFinished(async () => {
    if (isStopped) await agent.start()
  })
  return async () => {
    isStopped = true
    await agent.stop()
    await tellReady(false)
  }
}

function line(verdict: 'ok' | 'warn' | 'fail', text: string): RegExp {
  return new RegExp(`^${verdict.padEnd(6)}${text}$`, 'm')
}
