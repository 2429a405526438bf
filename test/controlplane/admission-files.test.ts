import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { connect } from '../../src/controlplane/client.ts'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { until } from '../../src/controlplane/until.ts'
import { operatorName, operatorNamespace } from '../../src/install/names.ts'
import { deployments, makeDeployment } from './admission-objects.ts'
import { test } from './plane.ts'

const config = join(import.meta.dirname, '../../config/admission')
const policies = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`

async function create(plane: ControlPlane, path: string, body: unknown): Promise<void> {
  expect(await plane.request('POST', path, { body })).toMatchObject({ status: 201 })
}

const shape = z.looseObject({ kind: z.string() })

async function apply(plane: ControlPlane, file: string): Promise<void> {
  const documents = parseAllDocuments(readFileSync(join(config, file), 'utf8'))
  const objects = documents.map(document => shape.parse(document.toJS()))
  expect(objects).not.toEqual([])
  for (const object of objects) {
    const resource = object.kind === 'ValidatingAdmissionPolicy' ? 'policies' : 'policybindings'
    await create(plane, `/apis/admissionregistration.k8s.io/v1/validatingadmission${resource}`, object)
  }
}

/** As in most clusters, where each controller has an account of its own. */
const controllerFlags = ['--use-service-account-credentials']

test('as they are shipped, the policies hold, the operator works, and a namespace still goes', async ({
  startPlane,
}) => {
  const plane = await startPlane({ controllerFlags })
  for (const name of [operatorNamespace, 'shop'])
    await create(plane, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await apply(plane, 'annotations.yaml')
  await apply(plane, 'reserved/policies.yaml')
  const body = makeDeployment({ 'tierwall.dev/tier': 'Web' })
  const tryWrong = () => plane.request('POST', `${deployments('shop')}?dryRun=All`, { body })
  await until('policy in force', async () => (await tryWrong()).status === 422)

  const write = await becomeOperator(plane)
  const labels = { 'app.kubernetes.io/managed-by': 'tierwall' }
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'tierwall-web', labels },
    spec: { podSelector: {} },
  }
  expect(await write('POST', policies('shop'), { body: policy })).toMatchObject({ status: 201 })
  expect(await write('DELETE', `${policies('shop')}/tierwall-web`)).toMatchObject({ status: 200 })
  expect(await write('POST', policies('shop'), { body: policy })).toMatchObject({ status: 201 })

  const other = connect(plane.access, await plane.certificateFor({ user: 'someone', groups: ['editors'] }))
  await bind(plane, { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'editors' })
  const remove = () => other.request('DELETE', `${policies('shop')}/tierwall-web?dryRun=All`)
  await until('reservation', async () => JSON.stringify(await remove()).includes('is written by Tierwall'))
  await other.close()

  expect(await plane.request('DELETE', '/api/v1/namespaces/shop')).toMatchObject({ status: 200 })
  await until(
    'end of the namespace',
    async () => (await plane.request('GET', '/api/v1/namespaces/shop')).status === 404,
  )
})

async function becomeOperator(plane: ControlPlane) {
  const account = { namespace: operatorNamespace, name: operatorName }
  await create(plane, `/api/v1/namespaces/${operatorNamespace}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: operatorName },
  })
  await bind(plane, { kind: 'ServiceAccount', ...account })
  return connect(plane.access, { token: await plane.tokenFor(account) }).request
}

function bind(
  plane: ControlPlane,
  subject: { readonly name: string; readonly [field: string]: string },
): Promise<void> {
  return create(plane, '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `edit-${subject.name}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [subject],
  })
}
