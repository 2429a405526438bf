/** The tests of the very image as the operator, for any cluster that its container reaches. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StartedTestContainer, Wait } from 'testcontainers'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { writeKubeconfig } from '../../src/controlplane/kubeconfig.ts'
import { type Kubectl, needKubectl, outputOf } from '../install/kubectl.ts'
import { eventually } from '../operator/cluster.ts'
import type { ImageCluster } from './cluster.ts'
import {
  endContainer,
  graceSeconds,
  HeldContainer,
  inspectContainer,
  memoryMebibytes,
  operatorWords,
} from './container.ts'
import { policiesOf } from './policies.ts'

const root = join(import.meta.dirname, '..', '..')
const namespace = 'tierwall-system'
const example = readFileSync(join(root, 'examples/three-tier/manifests.yaml'), 'utf8')

interface RunOptions {
  readonly user?: string
  /** How it knows the cluster: a file that is named, or what a pod has. */
  readonly by?: 'kubeconfig' | 'service account'
  /** Where nobody answers. */
  readonly lost?: boolean
}

interface Running {
  readonly id: string
  readonly get: (path: string) => Promise<number>
}

export function describeOperator(name: string, startCluster: () => Promise<ImageCluster>): void {
  const image = inject('image')
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-image-'))
  const started: StartedTestContainer[] = []
  let cluster: ImageCluster
  let kubectl: Kubectl

  beforeAll(async () => {
    cluster = await startCluster()
    kubectl = await needKubectl(note => {
      throw new Error(note)
    }, cluster.kubeconfigFile)
    await outputOf(kubectl('apply', '-k', join(root, 'config/default')))
    const token = (await outputOf(kubectl('create', 'token', 'tierwall-operator', '-n', namespace))).trim()
    writeMounts(folder, cluster, token)
  })
  afterEach(async () => {
    for (const container of started.splice(0)) {
      // In order, or the next one waits for the Lease of this one.
      await endContainer(container.getId())
      await container.stop()
    }
  })
  afterAll(async () => {
    await cluster?.stop()
    rmSync(folder, { recursive: true })
  })

  const run = async ({ user, by = 'kubeconfig', lost = false }: RunOptions = {}): Promise<Running> => {
    const { container, flags, healthOf } = await cluster.place(new HeldContainer(image.name))
    const { hostname, port } = new URL(cluster.server.url)
    const account = '/var/run/secrets/kubernetes.io/serviceaccount'
    const mount = (source: string, target: string) => ({ source: join(folder, source), target, mode: 'ro' as const })
    const credentials =
      by === 'kubeconfig' ? mount(lost ? 'lost' : 'kubeconfig', '/kubeconfig') : mount('account', account)
    container
      .withCommand([...operatorWords, ...flags])
      .withBindMounts([mount('config', '/etc/tierwall'), credentials])
      .withEnvironment({ POD_NAME: 'tierwall-operator-0', POD_NAMESPACE: namespace })
      .withEnvironment(
        by === 'kubeconfig'
          ? { KUBECONFIG: '/kubeconfig/config' }
          : { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
      )
      // The usual way to wait asks a shell inside.
      .withWaitStrategy(Wait.forLogMessage(lost ? 'Tierwall starts' : 'the cluster is known'))
      .withStartupTimeout(60_000)
    const running = await (user === undefined ? container : container.withUser(user)).start()
    started.push(running)
    return { id: running.getId(), get: async path => (await request(healthOf(running) + path)).statusCode }
  }

  const lists = z.object({ items: z.array(z.unknown()) })
  /** In a namespace of its own, which goes with the cluster. */
  const reconciles = async (space: string) => {
    const manifests = example.replaceAll(/(name|namespace): shop$/gm, `$1: ${space}`)
    const file = join(folder, `${space}.yaml`)
    writeFileSync(file, manifests)
    await outputOf(kubectl('apply', '-f', file))
    await eventually(async () => {
      const live = await outputOf(kubectl('get', 'networkpolicies', '-n', space, '-o', 'json'))
      expect(policiesOf(lists.parse(JSON.parse(live)).items)).toEqual(policiesOf(manifests))
    }, 30_000)
  }
  const holder = () =>
    outputOf(kubectl('get', 'lease', 'tierwall-operator', '-n', namespace, '-o', 'jsonpath={.spec.holderIdentity}'))

  describe(`the image as the operator on ${name}`, () => {
    test('answers its probes, and writes for the three tiers what render writes', async () => {
      const { get } = await run()
      expect(await get('/healthz')).toBe(200)
      await eventually(async () => expect(await get('/readyz')).toBe(200))
      await reconciles('shop')
    })

    test('is held as the Deployment holds it: no capability, no new rights, nothing to write to, little memory', async () => {
      const { id } = await run()
      const { HostConfig, Config, State } = await inspectContainer(id)
      expect(HostConfig).toEqual({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: memoryMebibytes * 2 ** 20,
      })
      expect({ ...Config, ...State }).toMatchObject({ User: '65532:65532', Image: image.name, OOMKilled: false })
    })

    test('obeys SIGTERM as the first process: it ends well, long before its grace does, and gives its Lease back', async () => {
      const { id } = await run()
      await eventually(async () => expect(await holder()).not.toBe(''))
      const { code, took } = await endContainer(id)
      expect({ code, holder: await holder() }).toEqual({ code: 0, holder: '' })
      expect(took).toBeLessThan((graceSeconds * 1000) / 3)
    })

    test('obeys SIGTERM also while no API server answers, and is alive but not ready until then', async () => {
      const { id, get } = await run({ lost: true })
      await eventually(async () => expect(await get('/healthz')).toBe(200))
      expect(await get('/readyz')).toBe(503)
      const { code, took } = await endContainer(id)
      expect(code).toBe(0)
      expect(took).toBeLessThan((graceSeconds * 1000) / 3)
    })

    test('runs under whatever user ID it is given, and finds the API server by the service account of its pod', async () => {
      const { id, get } = await run({ user: '1000910000:0', by: 'service account' })
      await eventually(async () => expect(await get('/readyz')).toBe(200))
      await reconciles('shop-of-any-user')
      expect((await inspectContainer(id)).Config.User).toBe('1000910000:0')
      expect((await endContainer(id)).code).toBe(0)
    })
  })
}

/** All of it readable for any user, as a kubelet mounts it with fsGroup or for everybody. */
function writeMounts(folder: string, { server }: ImageCluster, token: string): void {
  chmodSync(folder, 0o755)
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text, { mode: 0o644 })
  }
  write('config/config.yaml', readFileSync(join(root, 'config/base/config.yaml'), 'utf8'))
  write('kubeconfig/config', writeKubeconfig(server, { token }))
  write('lost/config', writeKubeconfig({ ...server, url: 'https://127.0.0.1:1' }, { token }))
  write('account/token', token)
  write('account/ca.crt', server.ca)
  write('account/namespace', namespace)
}
