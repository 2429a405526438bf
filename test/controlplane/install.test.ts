import { describe, expect } from 'vitest'
import { z } from 'zod'
import { until } from '../../src/controlplane/until.ts'
import { rights } from '../../src/live/resources.ts'
import { type Deed, deedsOf, isAllowed, keepAllowed, operator, writeDeed } from '../install/access.ts'
import { type Installed, testsOf } from '../install/installed.ts'
import { outputOf } from '../install/kubectl.ts'
import { findObject, type KubernetesObject, nameOf, readObjects } from '../install/objects.ts'
import { listOwnRights, sortDeeds } from '../install/own-rights.ts'
import { readList } from './read.ts'

const test = testsOf('config/default')

describe('`kubectl apply -k config/default`', () => {
  test('creates each object, and says nothing else', async ({ installed }) => {
    const { kubectl, folder, said } = installed
    expect(said.stderr).toBe('')
    expect(linesOf(said.stdout)).toEqual(said.stdout.match(/^\S+ created$/gm))
    const wanted = readObjects(await outputOf(kubectl('kustomize', folder)))
    expect((await readInstalled(installed)).map(nameOf)).toEqual(wanted.map(nameOf))
  })

  test('changes nothing the second time', async ({ installed }) => {
    const before = await readInstalled(installed)
    const said = await outputOf(installed.kubectl('apply', '-k', installed.folder))
    // Of these kubectl may say so all the same: it replaces a selector or a list of rules as a whole.
    const replaced = /^\S+ unchanged$|^(poddisruptionbudget|validatingadmissionpolicy)\.\S+ configured$/gm
    expect(linesOf(said)).toEqual(said.match(replaced))
    expect((await readInstalled(installed)).map(stateOf)).toEqual(before.map(stateOf))
  })

  test('makes no Secret', async ({ installed: { plane } }) => {
    expect(await plane.request('GET', '/api/v1/secrets')).toMatchObject({ status: 200, body: { items: [] } })
  })
})

const linesOf = (text: string) => text.trim().split('\n')

const listed = z.object({ items: z.array(z.unknown()) })

/** What is there of what was applied, in the same order. */
async function readInstalled({ kubectl, folder }: Installed): Promise<readonly KubernetesObject[]> {
  const { items } = listed.parse(JSON.parse(await outputOf(kubectl('get', '-k', folder, '-o', 'json'))))
  return readObjects(items.map(item => JSON.stringify(item)).join('\n---\n'))
}

/** Less what the controllers write at their own time. */
function stateOf({ metadata: { name, namespace, uid, generation, labels }, status: _, ...rest }: KubernetesObject) {
  return { ...rest, metadata: { name, namespace, uid, generation, labels } }
}

describe('the pod of the operator', () => {
  const pods = '/api/v1/namespaces/tierwall-system/pods'
  const shape = z.looseObject({ spec: z.looseObject({}) })

  async function findPod({ plane }: Installed): Promise<z.infer<typeof shape>> {
    const selector = encodeURIComponent('app.kubernetes.io/component=operator')
    const find = async () => (await readList(plane, `${pods}?labelSelector=${selector}`, shape)).at(0)
    await until('pod of the operator', async () => (await find()) !== undefined)
    const pod = await find()
    if (pod === undefined) throw new Error('the pod has gone')
    return pod
  }

  test('is admitted where only restricted pods are, with its priority and its quota', async ({ installed }) => {
    const { spec } = await findPod(installed)
    expect(spec).toMatchObject({
      priorityClassName: 'system-cluster-critical',
      serviceAccountName: 'tierwall-operator',
    })
  })

  test('would not be admitted with any more than it asks for', async ({ installed }) => {
    const { plane, kubectl, folder } = installed
    const deployment = findObject(
      readObjects(await outputOf(kubectl('kustomize', folder))),
      'Deployment tierwall-system/tierwall-operator',
    )
    const { spec } = z.object({ template: z.object({ spec: z.looseObject({}) }) }).parse(deployment.spec).template
    const create = (more: object) =>
      plane.request('POST', `${pods}?dryRun=All`, {
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe' }, spec: { ...spec, ...more } },
      })
    expect(await create({})).toMatchObject({ status: 201 })
    for (const more of [{ hostNetwork: true }, { securityContext: { runAsUser: 0 } }])
      expect(await create(more)).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining('violates PodSecurity "restricted:latest"') },
      })
  })
})

const needless: readonly Deed[] = [
  { verb: 'get', group: '', resource: 'secrets', namespace: 'tierwall-system' },
  { verb: 'list', group: '', resource: 'secrets', namespace: '' },
  { verb: 'create', group: '', resource: 'pods', namespace: 'shop' },
  { verb: 'create', group: '', resource: 'pods/exec', namespace: 'shop' },
  { verb: 'create', group: '', resource: 'serviceaccounts/token', namespace: 'tierwall-system' },
  { verb: 'list', group: '', resource: 'nodes', namespace: '' },
  { verb: 'list', group: '', resource: 'services', namespace: 'shop' },
  { verb: 'update', group: '', resource: 'namespaces', namespace: 'shop' },
  { verb: 'update', group: 'apps', resource: 'deployments', namespace: 'shop' },
  { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop' },
  { verb: 'deletecollection', group: 'networking.k8s.io', resource: 'networkpolicies', namespace: 'shop' },
  { verb: 'update', group: 'tierwall.dev', resource: 'apptiers', namespace: 'shop' },
  { verb: 'patch', group: 'tierwall.dev', resource: 'apptiers', namespace: 'shop' },
  { verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices', namespace: 'shop' },
  { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'tierwall-system', name: 'other' },
  { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'node' },
  { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespace: '' },
  { verb: 'impersonate', group: '', resource: 'users', namespace: '' },
]

const places = [
  ['everywhere', ''],
  ['dns', 'kube-system'],
  ['apiserver', 'default'],
  ['operator', 'tierwall-system'],
] as const

describe('the operator', () => {
  const deeds = places.flatMap(([where, namespace]) => deedsOf(rights, where, namespace))

  test('may do all that the list of rights says', async ({ installed: { plane } }) => {
    expect(deeds.length).toBeGreaterThan(20)
    expect(await keepAllowed(plane, operator, deeds)).toEqual(deeds)
  })

  test('may not do what it has no need of', async ({ installed: { plane } }) => {
    expect(await keepAllowed(plane, operator, needless)).toEqual([])
  })

  test.for(['shop', 'kube-system', 'default', 'tierwall-system'])(
    'may do nothing in %s but what the list of rights says',
    async (place, { installed: { plane } }) => {
      const said = deeds.filter(({ namespace }) => namespace === '' || namespace === place)
      expect(await listOwnRights(plane, place)).toEqual(sortDeeds(said.map(writeDeed)))
    },
  )
})

describe('a user', () => {
  test.for([
    ['view', 'get', true],
    ['view', 'create', false],
    ['edit', 'get', true],
    ['edit', 'create', true],
    ['admin', 'deletecollection', true],
  ] as const)(
    'who may %s a namespace, asked to %s an AppTier in it: %s',
    async ([role, verb, allowed], { installed: { plane, kubectl } }) => {
      const user = `${role}-${verb}`
      await outputOf(kubectl('create', 'rolebinding', user, '-n', 'default', `--clusterrole=${role}`, `--user=${user}`))
      const deed = { verb, group: 'tierwall.dev', resource: 'apptiers', namespace: 'default' }
      // Roles are joined by a controller, a moment after they are created.
      await until('AppTier in the role', () => isAllowed(plane, { user }, { ...deed, verb: 'list' }))
      expect(await isAllowed(plane, { user }, deed)).toBe(allowed)
      expect(await isAllowed(plane, { user }, { ...deed, namespace: 'kube-system' })).toBe(false)
    },
  )
})
