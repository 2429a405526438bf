/** `doctor --probe` on a real API server, as a person runs it; probe-kubelet.ts stands in for nodes and network. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { openCluster } from '../../src/cli/cluster.ts'
import { type Connection, type Send, systemClock } from '../../src/cluster/index.ts'
import { probe, usualImage } from '../../src/doctor/index.ts'
import { inFolder } from '../cli/run.ts'
import { type SharedPlane, test } from '../controlplane/plane.ts'
import { type Plane, readList } from '../controlplane/read.ts'
import { factsOf, linesOf } from '../report/doctor/facts.ts'
import { type Behaviour, type Kubelet, ordinaryAgnhost, type Pod, startFakeKubelet } from './probe-kubelet.ts'

const network = { enforces: ['Ingress', 'Egress'] } as const

function withKubelet(plane: Plane, behaviours: Readonly<Record<string, Behaviour>>): Kubelet {
  const kubelet = startFakeKubelet(plane, behaviours)
  onTestFinished(() => kubelet.stop())
  return kubelet
}

const listed = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    managedFields: z.array(z.object({ manager: z.string().default('') })).default([]),
  }),
})

async function listMetadata(plane: Plane, path: string) {
  return (await readList(plane, path, listed)).map(({ metadata }) => metadata)
}

async function probeNamespaces(plane: Plane): Promise<readonly string[]> {
  const all = await listMetadata(plane, '/api/v1/namespaces?labelSelector=tierwall.dev/probe')
  return all.map(({ name }) => name).sort()
}

/** Whoever wrote a policy of a probe, from now on. */
function watchWriters(plane: Plane): () => Promise<readonly string[]> {
  const seen = new Set<string>()
  const look = async () => {
    for (const { name, managedFields } of await listMetadata(plane, '/apis/networking.k8s.io/v1/networkpolicies'))
      seen.add(`${name} by ${managedFields.map(({ manager }) => manager)}`)
  }
  let last = look()
  const timer = setInterval(() => {
    last = last.then(look)
  }, 30)
  onTestFinished(() => clearInterval(timer))
  return async () => {
    clearInterval(timer)
    await last
    return [...seen].sort()
  }
}

describe('doctor --probe', () => {
  test('proves that a cluster enforces, whatever its plugin is, and leaves nothing behind', async ({ startPlane }) => {
    const plane = await startPlane()
    const kubelet = withKubelet(plane, { [usualImage]: { network } })
    const spec = { selector: { 'k8s-app': 'kube-dns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] }
    const body = { metadata: { name: 'kube-dns' }, spec }
    await plane.request('POST', '/api/v1/namespaces/kube-system/services', { body })
    const writers = watchWriters(plane)
    const run = inFolder({ kubeconfig: plane.kubeconfigFor({ token: plane.access.token }) })
    const { code, stdout, stderr } = await run(['doctor', '--probe', '--kubeconfig', 'kubeconfig'])
    const left = await probeNamespaces(plane)
    const wrote = await writers()
    await kubelet.stop()

    expect(stdout).toMatch(
      /^ok {4}probe: a deny of ingress and one of egress each shut what was open before and after \(pods on node-a, node-b\)$/m,
    )
    expect(stdout).toMatch(
      /^ok {4}network plugin: something that doctor does not know enforces policies: the probe sho/m,
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/^probe: tries policies in namespace tierwall-probe-[a-z0-9]{8}, which takes about half/)
    for (const line of [
      'ingress: the client reaches the server, and deny-ingress is written',
      'ingress: the client is shut out, and the policy is removed',
      'ingress: the client reaches the server again',
      'egress: the client reaches the server again',
    ])
      expect(stderr).toContain(`probe: ${line}\n`)
    const names = [...kubelet.pods.values()].map(({ metadata }) => metadata.name)
    expect(names).toEqual(['server', 'client-ingress', 'client-egress'])
    // The operator would take what `tierwall` wrote for its own, and remove it.
    expect(wrote).toEqual(['deny-egress by tierwall-probe', 'deny-ingress by tierwall-probe'])
    expect(left).toEqual([])
  })

  test('fails where nothing is enforced', async ({ plane }) => {
    withKubelet(plane, { 'mirror/agnhost:1': { network: { enforces: [] } } })
    const run = inFolder({ kubeconfig: plane.kubeconfigFor({ token: plane.access.token }) })
    const args = ['--kubeconfig', 'kubeconfig', '-o', 'json', '--probe-image', 'mirror/agnhost:1', '--timeout', '100s']
    const { code, stdout } = await run(['doctor', '--probe', ...args])
    const findings: readonly { readonly check: string }[] = JSON.parse(stdout).findings
    expect(findings.filter(({ check }) => check === 'probe')).toEqual([
      {
        check: 'probe',
        verdict: 'fail',
        what: 'ingress is not enforced: 20 tries after a deny its pods still connect (pods on node-a, node-b)',
        why: 'policies are accepted, and this half of them has no effect',
        fix: 'see that the network plugin enforces policies, and that its agents run on those nodes',
      },
      expect.objectContaining({ verdict: 'fail', what: expect.stringMatching(/^egress is not enforced: 20 tries/) }),
    ])
    expect(code).toBe(1)
  })

  test('names the rights that it would need, and makes nothing', async ({ plane }) => {
    const identity = await plane.certificateFor({ user: 'somebody' })
    const run = inFolder({ kubeconfig: plane.kubeconfigFor(identity) })
    const { code, stdout, stderr } = await run(['doctor', '--probe', '--kubeconfig', 'kubeconfig'])
    expect(stdout).toMatch(
      /^fail {2}probe: cannot tell: you may not create, get, delete namespaces; create, get pods in a namespace of its own; create, delete networkpolicies.networking.k8s.io in a namespace of its own — it is not proved/m,
    )
    expect(stderr).not.toMatch('probe:')
    expect(code).toBe(1)
  })
})

function makeKubeconfig(plane: SharedPlane): string {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, plane.kubeconfigFor({ token: plane.access.token }))
  return file
}

async function connectTo(plane: SharedPlane): Promise<Connection> {
  const opened = await openCluster({ kubeconfig: makeKubeconfig(plane) })
  if ('trouble' in opened) throw new Error(opened.trouble.message)
  onTestFinished(() => opened.connection.close())
  return opened.connection
}

interface Case extends Behaviour {
  readonly seconds?: number
  readonly says: readonly RegExp[]
}

/** All at once: most of a probe is waiting. */
async function runCases(plane: SharedPlane, cases: Readonly<Record<string, Case>>): Promise<void> {
  withKubelet(plane, cases)
  const { request: send } = await connectTo(plane)
  const { signal } = new AbortController()
  const given = { send, clock: systemClock, random: Math.random, signal, tell: () => {} }
  const runs = Object.entries(cases).map(async ([image, { seconds = 100 }]) => {
    const probed = await probe({ ...given, image, seconds })
    return [image, linesOf('probe', factsOf('', { probed }))] as const
  })
  const expected = Object.entries(cases).map(([image, { says }]) => [
    image,
    says.map(line => expect.stringMatching(line)),
  ])
  expect(await Promise.all(runs)).toEqual(expected)
  expect(await probeNamespaces(plane)).toEqual([])
}

test('a probe tells what a network enforces', async ({ plane }) => {
  await runCases(plane, {
    'ingress-alone': {
      network: { enforces: ['Ingress'] },
      says: [/^ok ingress is enforced: a deny shut what was open before and after/, /^fail egress is not enforced: /],
    },
    'egress-alone': {
      network: { enforces: ['Egress'] },
      says: [/^fail ingress is not enforced: /, /^ok egress is enforced: a deny shut what was open before and after/],
    },
    'takes-its-time': { network: { ...network, delay: 400 }, says: [/^ok a deny of ingress and one of egress each/] },
  })
})

const waiting =
  (reason: string, message: string) =>
  ({ spec }: Pod) => ({
    phase: 'Pending',
    containerStatuses: spec.containers.map(({ name, image }) => ({
      ...{ name, image, imageID: '', ready: false, restartCount: 0 },
      state: { waiting: { reason, message } },
    })),
  })

test('a probe that cannot tell says what stood in the way, and leaves nothing behind', async ({ plane }) => {
  const tellByEvent = (pod: Pod) => {
    const { namespace, name } = pod.metadata
    const event = { reason: 'FailedCreatePodSandBox', message: 'the CNI plugin is away', type: 'Warning' }
    const body = { metadata: { generateName: name }, involvedObject: { kind: 'Pod', namespace, name }, ...event }
    void plane.request('POST', `/api/v1/namespaces/${namespace}/events`, { body })
    return waiting('ContainerCreating', '')(pod)
  }
  await runCases(plane, {
    'registry.invalid/agnhost': {
      network,
      status: waiting('ImagePullBackOff', 'Back-off pulling image'),
      says: [
        /^fail cannot tell: pod server does not start: ImagePullBackOff: Back-off pulling image — .*; name one that your nodes can pull with --probe-image/,
      ],
    },
    'no-room': {
      ...{ network, full: true, seconds: 3 },
      says: [
        /^fail cannot tell: pod server was not through after 3 s: no node takes it: 0\/3 nodes are free — .*--timeout/,
      ],
    },
    'no-sandbox': {
      ...{ network, status: tellByEvent, seconds: 3 },
      says: [
        /^fail cannot tell: pod server was not through after 3 s: FailedCreatePodSandBox: the CNI plugin is away — /,
      ],
    },
    // A network that is down shuts everything, which is no enforcement.
    'network-down': {
      network: { ...network, broken: true },
      says: [
        /^fail cannot tell: without a policy of ours the client does not reach the server at 10.244.0.\d+ \(TIMEOUT\) — .*; look for/,
      ],
    },
    'goes-down-meanwhile': {
      network: { ...network, sticks: true },
      says: [
        /^fail cannot tell: ingress stayed shut after the deny was gone \(TIMEOUT\): it may have been something else/,
      ],
    },
    // A client that could not try was not shut out.
    'no-memory': {
      network,
      agnhost: '#!/bin/sh\n[ "$1" = connect ] || exec /bin/sleep 600\necho no memory >&2; exit 137\n',
      says: [
        /^fail cannot tell: container before of pod client-ingress ended with exit code 4: no memory — .*; with --probe-image, give/,
      ],
    },
    'another-image': {
      network,
      agnhost: '#!/bin/sh\necho no such command >&2\nexit 1\n',
      says: [/^fail cannot tell: pod server ended with exit code 1: no such command — .*; with --probe-image, give/],
    },
    'server-ends': {
      network: { ...network, sticks: true },
      agnhost: ordinaryAgnhost.replace('sleep 600', 'sleep 4'),
      says: [/^fail cannot tell: pod server ended with exit code 0: Completed — /],
    },
    evicted: {
      network,
      status: () => ({ phase: 'Failed', reason: 'Evicted', message: 'the node was low on memory' }),
      says: [/^fail cannot tell: pod server was ended: Evicted: the node was low on memory — /],
    },
  })
})

test('a probe says whose policy was there already', async ({ plane }) => {
  const { request } = await connectTo(plane)
  // As a tool does it that gives every new namespace its default-deny.
  const send: Send = async wish => {
    const reply = await request(wish)
    const isNew = wish.method === 'POST' && wish.path === '/api/v1/namespaces' && reply.ok
    const namespace = isNew ? nameOf(wish.body) : undefined
    const spec = { podSelector: {}, policyTypes: ['Ingress'] }
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
    if (namespace) await plane.request('POST', path, { body: { metadata: { name: 'of-the-platform' }, spec } })
    return reply
  }
  withKubelet(plane, { 'denied-at-once': { network } })
  const { signal } = new AbortController()
  const given = { send, clock: systemClock, random: Math.random, signal, tell: () => {} }
  const probed = await probe({ ...given, image: 'denied-at-once', seconds: 60 })
  expect(linesOf('probe', factsOf('', { probed }))).toEqual([
    expect.stringMatching(/does not reach the server .*: somebody put of-the-platform into its namespace — .*; let/),
  ])
})

const nameOf = (body: unknown) => listed.parse(body).metadata.name

test('a probe clears up when it is interrupted, whatever it is doing', async ({ plane }) => {
  const broken = { network: { ...network, broken: true } }
  withKubelet(plane, { SIGINT: broken, SIGTERM: broken })
  const kubeconfig = makeKubeconfig(plane)
  const interrupt = async (signal: 'SIGINT' | 'SIGTERM') => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts')
    const args = [main, 'doctor', '--probe', '--probe-image', signal, '--kubeconfig', kubeconfig]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    const ended = new Promise<number | null>(resolve => child.on('close', resolve))
    const pods = async () => {
      const all = await plane.request('GET', '/api/v1/pods?labelSelector=app.kubernetes.io/component=client')
      return JSON.stringify(all.body).includes(`"image":"${signal}"`)
    }
    await expect.poll(pods, { timeout: 60_000 }).toBe(true)
    child.kill(signal)
    expect(await ended).toBe(1)
    const [stdout, stderr] = await said
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^probe: stops, and clears up first\nprobe: removes namespace tierwall-probe-\w{8}\n$/m)
  }
  await Promise.all([interrupt('SIGINT'), interrupt('SIGTERM')])
  expect(await probeNamespaces(plane)).toEqual([])
})

test('a probe removes what an earlier one left, but not what may be at work or has only the label', async ({
  plane,
}) => {
  const leave = (name: string, seconds: string) =>
    plane.request('POST', '/api/v1/namespaces', {
      body: { metadata: { name, labels: { 'tierwall.dev/probe': seconds } } },
    })
  onTestFinished(async () => {
    for (const name of ['tierwall-probe-00000002', 'mine']) await plane.request('DELETE', `/api/v1/namespaces/${name}`)
  })
  await leave('tierwall-probe-00000001', '180')
  await leave('tierwall-probe-00000002', '3600')
  await leave('mine', '180')
  const { request } = await connectTo(plane)
  // As the API server will say it in ten minutes.
  const date = new Date(Date.now() + 600_000).toUTCString()
  const send: Send = async wish => {
    const reply = await request(wish)
    return reply.ok ? { ...reply, headers: { ...reply.headers, date } } : reply
  }
  const said: string[] = []
  const given = { send, clock: systemClock, random: Math.random, signal: AbortSignal.abort() }
  await probe({ ...given, image: usualImage, seconds: 5, tell: line => said.push(line) })
  expect(said).toContain('removes namespace tierwall-probe-00000001, which an earlier probe left behind')
  expect(await probeNamespaces(plane)).toEqual(['mine', 'tierwall-probe-00000002'])
})
