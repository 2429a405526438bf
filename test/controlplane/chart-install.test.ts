import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { until } from '../../src/controlplane/until.ts'
import { chart } from '../install/chart.ts'
import { buildHelmFirst, type Helm, needHelm } from '../install/helm.ts'
import { type Kubectl, needKubectl, outputOf } from '../install/kubectl.ts'
import { type KubernetesObject, nameOf, readObjects, root } from '../install/objects.ts'
import { runApart } from '../install/program.ts'
import type { Outcome } from '../program.ts'
import { test as base } from './plane.ts'

buildHelmFirst()

interface Cluster {
  readonly kubeconfig: string
  readonly helm: Helm
  readonly kubectl: Kubectl
}

/** One for the file: two releases would be in each other's way anyhow, and each test leaves nothing behind. */
let plane: Promise<ControlPlane> | undefined
afterAll(async () => (await plane)?.stop())

const test = base.extend<{ readonly cluster: Cluster }>({
  // The shared one says by its being there that control planes can be started here.
  cluster: async ({ skip, plane: _ }, use) => {
    await needHelm(skip)
    plane ??= startControlPlane()
    const kubeconfig = (await plane).access.kubeconfigFile
    const cluster = {
      kubeconfig,
      helm: await needHelm(skip, kubeconfig),
      kubectl: await needKubectl(skip, kubeconfig),
    }
    await use(cluster)
    await cluster.helm('uninstall', 'tierwall', ...place)
    await cluster.kubectl('delete', 'crd', 'apptiers.tierwall.dev', '--ignore-not-found')
    const isClean = async () => !(await namesOf(cluster.kubectl)).some(name => name.includes('tierwall-operator'))
    await until('end of what was installed', isClean)
  },
})

const place = ['--namespace', 'tierwall-system']

function install(helm: Helm, from = chart, ...more: readonly string[]): Promise<Outcome> {
  return helm('install', 'tierwall', from, ...place, '--create-namespace', ...more)
}

const listed = z.object({ items: z.array(z.unknown()) })

/** All that there is of the kinds that the chart has, in every namespace. */
async function listAll(kubectl: Kubectl): Promise<readonly KubernetesObject[]> {
  const kinds = [
    ...['networkpolicies', 'resourcequotas', 'poddisruptionbudgets', 'serviceaccounts', 'configmaps', 'secrets'],
    ...['customresourcedefinitions', 'clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'services'],
    ...['deployments', 'replicasets', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
  ].join()
  const { items } = listed.parse(JSON.parse(await outputOf(kubectl('get', kinds, '-A', '-o', 'json'))))
  return readObjects(items.map(item => JSON.stringify(item)).join('\n---\n'))
}

const namesOf = async (kubectl: Kubectl) => (await listAll(kubectl)).map(nameOf).sort()

const definition = 'CustomResourceDefinition apptiers.tierwall.dev'

/** With what it brings along, whoever made it. */
async function makeNamespace(kubectl: Kubectl): Promise<void> {
  await kubectl('create', 'namespace', 'tierwall-system')
  await until('ServiceAccount of the namespace', async () =>
    (await namesOf(kubectl)).includes('ServiceAccount tierwall-system/default'),
  )
}

const appTier = `apiVersion: tierwall.dev/v1alpha1
kind: AppTier
metadata: {name: db, namespace: default}
spec: {ports: [{port: 5432}], from: []}
`

/** A definition is served a moment after it is there. */
async function createAppTier(kubectl: Kubectl): Promise<void> {
  const file = join(await makeFolder(), 'apptier.yaml')
  await writeFile(file, appTier)
  await until('AppTier that is accepted', async () => (await kubectl('apply', '-f', file)).code === 0)
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-chart-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const listAppTiers = (kubectl: Kubectl) => outputOf(kubectl('get', 'apptiers', '-A', '-o', 'name'))

describe('helm install', () => {
  test('creates every object, admits the pod, and says what to do next', async ({ cluster: { helm, kubectl } }) => {
    const { code, stdout, stderr } = await install(helm)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/Tierwall \d\S+ looks after every namespace\./)
    expect(stdout).toContain('kubectl annotate deployment web tierwall.dev/tier=web')
    const manifest = readObjects((await helm('get', 'manifest', 'tierwall', ...place)).stdout)
    expect(await namesOf(kubectl)).toEqual(expect.arrayContaining(manifest.map(nameOf)))
    await outputOf(kubectl('label', 'namespace', 'tierwall-system', 'pod-security.kubernetes.io/enforce=restricted'))
    const pod = ['get', 'pods', ...place, '-o', 'jsonpath={.items[*].spec.priorityClassName}']
    await until('pod of the operator', async () => (await kubectl(...pod)).stdout === 'system-cluster-critical')
  })

  test('names the namespaces that it looks after, and says when it only looks', async ({
    cluster: { helm, kubectl },
  }) => {
    await outputOf(kubectl('create', 'namespace', 'shop'))
    const { code, stdout } = await install(helm, chart, '--set', 'namespaces={shop},auditOnly=true')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Tierwall \d\S+ looks after the namespaces shop, and writes nothing/)
    expect(await namesOf(kubectl)).toContain('RoleBinding shop/tierwall-operator')
  })
})

const labelled = z.looseObject({ labels: z.looseObject({ 'helm.sh/chart': z.string() }) })
const isOfRelease = ({ metadata }: KubernetesObject) => labelled.safeParse(metadata).success

/** Less what the controllers write at their own time. */
function stateOf({ metadata: { name, namespace, uid, generation, labels }, status: _, ...rest }: KubernetesObject) {
  return { ...rest, metadata: { name, namespace, uid, generation, labels } }
}

describe('helm upgrade', () => {
  test('with the same values changes nothing', async ({ cluster: { helm, kubectl } }) => {
    expect(await install(helm)).toMatchObject({ code: 0 })
    const states = async () => (await listAll(kubectl)).filter(isOfRelease).map(stateOf)
    await until('first ReplicaSet', async () => (await namesOf(kubectl)).some(name => name.startsWith('ReplicaSet ')))
    const before = await states()
    expect(before.length).toBeGreaterThan(15)
    expect(await helm('upgrade', 'tierwall', chart, ...place)).toMatchObject({ code: 0, stderr: '' })
    expect(await states()).toEqual(before)
  })

  test('changes what is told, and takes away what is not wanted any more', async ({ cluster: { helm, kubectl } }) => {
    expect(await install(helm)).toMatchObject({ code: 0 })
    const values = 'replicas=2,admission.annotations=false,configuration.clusterRanges={10.0.0.0/8}'
    expect(await helm('upgrade', 'tierwall', chart, ...place, '--set', values)).toMatchObject({ code: 0, stderr: '' })
    const deployment = ['get', 'deployment', 'tierwall-operator', ...place, '-o', 'jsonpath={.spec.replicas}']
    expect(await outputOf(kubectl(...deployment))).toBe('2')
    expect(await outputOf(kubectl('get', 'configmap', 'tierwall-config', ...place, '-o', 'yaml'))).toContain(
      '10.0.0.0/8',
    )
    expect((await namesOf(kubectl)).filter(name => name.startsWith('ValidatingAdmission'))).toEqual([])
  })

  test('brings a new definition of AppTier, which the AppTiers survive', async ({ cluster: { helm, kubectl } }) => {
    const older = await makeFolder()
    await cp(chart, older, { recursive: true })
    const file = join(older, 'templates/definition.yaml')
    const text = await readFile(file, 'utf8')
    const column = /^ +- name: Ports\n(?: {10,}.+\n)+?(?= +- name: Workloads)/m
    expect(text).toMatch(column)
    await writeFile(file, text.replace(column, ''))
    expect(await install(helm, older)).toMatchObject({ code: 0, stderr: '' })
    const columns = async () =>
      outputOf(kubectl('get', 'crd', 'apptiers.tierwall.dev', '-o', 'jsonpath={..additionalPrinterColumns[*].name}'))
    expect(await columns()).not.toContain('Ports')
    await createAppTier(kubectl)
    expect(await helm('upgrade', 'tierwall', chart, ...place)).toMatchObject({ code: 0, stderr: '' })
    expect(await columns()).toContain('Ports')
    expect(await listAppTiers(kubectl)).toBe('apptier.tierwall.dev/db\n')
  })
})

describe('helm uninstall', () => {
  test('leaves nothing but the definition with its AppTiers, and the next install takes it again', async ({
    cluster: { helm, kubectl },
  }) => {
    await makeNamespace(kubectl)
    const before = await namesOf(kubectl)
    const everything = ['--set', 'admission.reserved=true']
    expect(await install(helm, chart, ...everything)).toMatchObject({ code: 0, stderr: '' })
    await createAppTier(kubectl)
    const { code, stdout } = await helm('uninstall', 'tierwall', ...place)
    expect(code).toBe(0)
    expect(stdout).toContain('[CustomResourceDefinition] apptiers.tierwall.dev')
    const left = [...before, definition].sort()
    await until('end of the ReplicaSet', async () => (await namesOf(kubectl)).length === left.length)
    expect(await namesOf(kubectl)).toEqual(left)
    expect(await listAppTiers(kubectl)).toBe('apptier.tierwall.dev/db\n')
    expect(await install(helm, chart, ...everything)).toMatchObject({ code: 0, stderr: '' })
  })
})

test('the commands that it gives for taking everything away do so, in their order', async ({ cluster }) => {
  const { helm, kubectl } = cluster
  const { stdout } = await install(helm, chart, '--set', 'admission.reserved=true')
  await kubectl('create', 'namespace', 'shop')
  const policies = join(await makeFolder(), 'policies.yaml')
  await writeFile(policies, await outputOf(tierwall(cluster, 'render', '-f', join(root, 'examples/three-tier'))))
  // As the operator would have written them.
  await outputOf(kubectl('apply', '--server-side', '--field-manager=tierwall', '-f', policies))
  const commands = stdout.slice(stdout.indexOf('To take it away')).match(/(?<=^ {2})\w.*$/gm) ?? []
  expect(commands.map(command => command.split(' ')[0])).toEqual(
    expect.arrayContaining(['kubectl', 'tierwall', 'helm']),
  )
  for (const command of commands) {
    const [program = '', ...args] = command.split(' ')
    const run = { kubectl, helm, tierwall: (...args: readonly string[]) => tierwall(cluster, ...args, '--yes') }[
      program
    ]
    expect(await run?.(...args), command).toMatchObject({ code: 0 })
  }
  expect((await namesOf(kubectl)).filter(name => name.includes('tierwall'))).toEqual([])
})

function tierwall({ kubeconfig }: Cluster, ...args: readonly string[]): Promise<Outcome> {
  const main = join(root, 'src/cli/main.ts')
  return runApart(process.execPath, [main, ...args], { home: dirname(kubeconfig), kubeconfig })
}

test('a cluster where kubectl brought the definition is refused, and taken over when told so', async ({
  cluster: { helm, kubectl },
}) => {
  await outputOf(kubectl('apply', '-k', join(chart, '../config/crd')))
  const refused = await install(helm)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/CustomResourceDefinition "apptiers\.tierwall\.dev".*exists and cannot be imported/)
  expect(await install(helm, chart, '--take-ownership', '--force-conflicts')).toMatchObject({ code: 0 })
})
