import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test as base, describe, expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConfiguration } from '../../src/api/configuration.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { findObject, type KubernetesObject, nameOf, readObjects, root } from '../install/objects.ts'

type Build = (folder: string) => Promise<readonly KubernetesObject[]>

const test = base.extend<{ readonly build: Build }>({
  build: async ({ skip }, use) => {
    const kubectl = await needKubectl(skip)
    await use(async folder => readObjects(await outputOf(kubectl('kustomize', folder))))
  },
})

const config = join(root, 'config')
const paths = await readdir(config, { recursive: true })
const kustomizations = await Promise.all(
  paths
    .filter(path => path.endsWith('kustomization.yaml'))
    .map(async path => ({ path, text: await readFile(join(config, path), 'utf8') })),
)
/** A component is no use without what it is added to: test/gitops has those. */
const folders = kustomizations
  .filter(({ text }) => !text.includes('kind: Component'))
  .map(({ path }) => dirname(path))
  .sort()

describe('config/', () => {
  test.for(folders)('%s builds, and has no Secret', async (folder, { build }) => {
    const objects = await build(join(config, folder))
    expect(objects).not.toEqual([])
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([])
  })

  test.for(['default', 'audit-only', 'high-availability'])(
    '%s has all that a cluster needs',
    async (folder, { build }) => {
      const names = (await build(join(config, folder))).map(nameOf)
      expect(names).toEqual(
        expect.arrayContaining([
          'CustomResourceDefinition apptiers.tierwall.dev',
          'ClusterRoleBinding tierwall-operator',
          'Deployment tierwall-system/tierwall-operator',
          'ConfigMap tierwall-system/tierwall-config',
        ]),
      )
      expect(names.filter(name => name.startsWith('ValidatingAdmissionPolicy '))).not.toEqual([])
    },
  )
})

const container = z.object({ image: z.string(), args: z.array(z.string()) })
const deploymentSpec = z.looseObject({
  replicas: z.number(),
  template: z.object({ spec: z.looseObject({ containers: z.tuple([container]) }) }),
})

function specOf(objects: readonly KubernetesObject[]): z.infer<typeof deploymentSpec> {
  return deploymentSpec.parse(findObject(objects, 'Deployment tierwall-system/tierwall-operator').spec)
}

test('config/default takes the released image and one replica', async ({ build }) => {
  const { replicas, template } = specOf(await build(join(config, 'default')))
  expect(replicas).toBe(1)
  expect(template.spec.containers[0]).toEqual(
    expect.objectContaining({
      image: expect.stringMatching(/^ghcr\.io\/tierwall\/tierwall:\d+\.\d+\.\d+$/),
      args: ['run', '--config=/etc/tierwall/config.yaml'],
    }),
  )
})

test('config/high-availability never puts its two replicas on one node, and differs in nothing else', async ({
  build,
}) => {
  const [usual, doubled] = await Promise.all(['default', 'high-availability'].map(name => build(join(config, name))))
  const { replicas, strategy, template } = specOf(doubled ?? [])
  expect({ replicas, strategy }).toEqual({
    replicas: 2,
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  })
  const { affinity, ...pod } = template.spec
  expect(affinity).toMatchObject({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }],
    },
  })
  expect(pod).toEqual(specOf(usual ?? []).template.spec)
  const others = (objects: readonly KubernetesObject[] = []) => objects.filter(({ kind }) => kind !== 'Deployment')
  expect(others(doubled)).toEqual(others(usual))
})

test('config/audit-only differs from the usual installation in the configuration alone', async ({ build }) => {
  const [usual, audit] = await Promise.all(['default', 'audit-only'].map(name => build(join(config, name))))
  const others = (objects: readonly KubernetesObject[] = []) => objects.filter(({ kind }) => kind !== 'ConfigMap')
  expect(others(audit)).toEqual(others(usual))
  const { data } = findObject(audit ?? [], 'ConfigMap tierwall-system/tierwall-config')
  const text = z.object({ 'config.yaml': z.string() }).parse(data)['config.yaml']
  expect(readConfiguration(parse(text))).toMatchObject({ configuration: { isolation: 'audit' }, faults: [] })
})

describe('config/namespaced', () => {
  const rightsOf = (objects: readonly KubernetesObject[]) =>
    objects.map(nameOf).filter(name => /^(Cluster)?Role/.test(name))

  const shared = [
    'ClusterRole tierwall-edit',
    'ClusterRole tierwall-view',
    ...['Role', 'RoleBinding'].flatMap(kind => [
      `${kind} default/tierwall-operator-apiserver`,
      `${kind} default/tierwall-operator-events`,
      `${kind} kube-system/tierwall-operator-dns`,
      `${kind} tierwall-system/tierwall-operator-lease`,
    ]),
  ]
  const rightsIn = (namespace: string) => ['Role', 'RoleBinding'].map(kind => `${kind} ${namespace}/tierwall-operator`)

  test('has Roles, and no ClusterRole for the operator', async ({ build }) => {
    const objects = await build(join(config, 'namespaced'))
    expect(rightsOf(objects).sort()).toEqual([...shared, ...rightsIn('shop')].sort())
    expect(specOf(objects).template.spec.containers[0].args).toEqual([
      'run',
      '--config=/etc/tierwall/config.yaml',
      '--namespaces=shop',
    ])
  })

  test('takes a second namespace as its comment says, even default or kube-system', async ({ build }) => {
    const copy = await mkdtemp(join(tmpdir(), 'tierwall-config-'))
    onTestFinished(() => rm(copy, { recursive: true }))
    for (const folder of ['config', 'crds']) await cp(join(root, folder), join(copy, folder), { recursive: true })
    const namespaced = join(copy, 'config', 'namespaced')
    const more = ['default', 'kube-system']
    for (const name of more) {
      await cp(join(namespaced, 'shop'), join(namespaced, name), { recursive: true })
      await edit(join(namespaced, name, 'kustomization.yaml'), 'namespace: shop', `namespace: ${name}`)
      await edit(join(namespaced, 'kustomization.yaml'), '  - shop\n', `  - shop\n  - ${name}\n`)
    }
    const objects = await build(namespaced)
    expect(rightsOf(objects).sort()).toEqual([...shared, ...['shop', ...more].flatMap(rightsIn)].sort())
    for (const name of more)
      expect(findObject(objects, `RoleBinding ${name}/tierwall-operator`)).toMatchObject({
        subjects: [{ name: 'tierwall-operator', namespace: 'tierwall-system' }],
      })
  })
})

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  await writeFile(file, text.replace(from, to))
}
