/** Doctor on a real API server, as a person runs it. */
import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { operator, rights, type Verb } from '../../src/live/resources.ts'
import { inFolder, type Outcome } from '../cli/run.ts'
import { test } from '../controlplane/plane.ts'
import type { Plane } from '../controlplane/read.ts'

function runDoctor(kubeconfig: string, args: readonly string[] = [], config = ''): Promise<Outcome> {
  return inFolder({ kubeconfig, 'config.yaml': config })(['doctor', '--kubeconfig', 'kubeconfig', ...args])
}

async function create(client: Plane, path: string, body: unknown): Promise<void> {
  const answer = await client.request('POST', path, { body })
  if (answer.status !== 201) throw new Error(`${path} is refused: ${JSON.stringify(answer.body)}`)
}

const metadata = (name: string, more = {}) => ({ metadata: { name, ...more } })
const inKubeSystem = '/api/v1/namespaces/kube-system'

const leaseAt = (ms: number) => ({
  ...metadata(operator.lease),
  spec: { holderIdentity: 'tierwall-0', leaseDurationSeconds: 15, renewTime: writeMicroTime(ms) },
})

/** All that doctor wants to see of a cluster, but for an operator. */
async function makeWell(client: Plane): Promise<void> {
  const labels = { 'k8s-app': 'cilium' }
  await create(client, '/apis/apps/v1/namespaces/kube-system/daemonsets', {
    ...metadata('cilium'),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.17.2' }] },
      },
    },
  })
  await create(client, `${inKubeSystem}/configmaps`, {
    ...metadata('cilium-config'),
    data: { 'enable-policy': 'default' },
  })
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ]
  await create(client, `${inKubeSystem}/services`, {
    ...metadata('kube-dns'),
    spec: { selector: { 'k8s-app': 'kube-dns' }, ports },
  })
  await create(client, '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', {
    ...metadata('kube-dns-by-hand', { labels: { 'kubernetes.io/service-name': 'kube-dns' } }),
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.0.7'], conditions: { ready: true } }],
    ports,
  })
  await create(client, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', makeCustomResourceDefinition())
}

describe('doctor', () => {
  test('fails on a bare cluster, is content with one that has what it takes, and changes neither', async ({
    startPlane,
  }) => {
    const plane = await startPlane({ audit: true })
    const kubeconfig = plane.kubeconfigFor({ token: plane.access.token })
    const bare = await runDoctor(kubeconfig)
    expect(bare.code).toBe(1)
    expect(bare.stdout).toMatch(/^https:\/\/127.0.0.1:\d+\/\nok {4}API server: v1.36.\d+\nok {4}NetworkPolicy: /)
    expect(bare.stdout).toMatch(
      /^fail {2}network plugin: nothing that enforces was found — policies are accepted, and/m,
    )
    expect(bare.stdout).toMatch(/^fail {2}DNS: no Service for it was found/m)
    expect(bare.stdout).toMatch(/^warn {2}AppTier: its definition is not installed — annotations work without it/m)
    expect(bare.stdout).toMatch(/^warn {2}operator: none has run in tierwall-system/m)
    expect(bare.stdout).toMatch(/^ok {4}your rights: you may do what the operator does$/m)
    expect(bare.stderr).toMatch(/^\d+ ok, 3 to look at, 2 failed\n$/)

    // Of an operator outside of the cluster, whose namespace nobody made.
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    await create(plane, leases, leaseAt(Date.now() + 60_000))
    expect((await runDoctor(kubeconfig)).stdout).toMatch(/^ok {4}operator: tierwall-0 leads, and said so 0 s ago$/m)
    await plane.request('DELETE', `${leases}/${operator.lease}`)

    await makeWell(plane)
    const well = await runDoctor(kubeconfig)
    expect(well.stdout).toMatch(
      /^ok {4}network plugin: Cilium v1.17.2 \(DaemonSet kube-system\/cilium\) enforces policies$/m,
    )
    expect(well.stdout).toMatch(
      /^ok {4}DNS: Service kube-system\/kube-dns: allow-dns opens 53, 53\/UDP to pods k8s-app=kube-dns in kube-system$/m,
    )
    expect(well.stdout).toMatch(/^ok {4}AppTier: installed, as Tierwall \S+ has it$/m)
    expect(well).toMatchObject({ code: 0, stderr: expect.stringMatching(/ok, 2 to look at, 0 failed\n$/) })

    // Somebody deleted the namespace, and nothing else of an installation.
    const rights = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
    await create(plane, rights, { ...metadata(operator.account), rules: [] })
    const left = await runDoctor(kubeconfig)
    expect(left.stdout).toMatch(
      /^warn {2}left of an installation: the operator's rights, and no operator — nobody uses them; kubectl delete cl/m,
    )
    await plane.request('DELETE', `${rights}/${operator.account}`)

    await create(plane, '/api/v1/namespaces', metadata('tierwall-system'))
    await create(plane, '/api/v1/namespaces/tierwall-system/configmaps', {
      ...metadata('tierwall-config'),
      data: { 'config.yaml': 'clusterRanges: [10.0.0.1/8]\n' },
    })
    const wrong = await runDoctor(kubeconfig, ['-o', 'json'])
    expect(wrong.code).toBe(1)
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      server: expect.stringMatching(/^https:\/\/127.0.0.1:\d+\/$/),
      count: { fail: 1 },
      findings: expect.arrayContaining([
        expect.objectContaining({
          check: 'configuration',
          verdict: 'fail',
          what: expect.stringMatching(/^ConfigMap tierwall-system\/tierwall-config clusterRanges\[0\]: /),
        }),
      ]),
    })
    expect(writesOfDoctor(plane.access.auditLog)).toEqual([])
  })

  test('names the rights that it would need, where it has none', async ({ plane }) => {
    const identity = await plane.certificateFor({ user: 'somebody' })
    const { code, stdout, stderr } = await runDoctor(plane.kubeconfigFor(identity))
    expect(code).toBe(0)
    for (const line of [
      /^ok {4}API server: /m,
      /^warn {2}network plugin: could not look: needs the right to list daemonsets.apps$/m,
      /^warn {2}DNS: could not look: needs the right to list services in kube-system; needs the right to list endpoint/m,
      /^warn {2}AppTier: could not look: needs the right to get customresourcedefinitions.apiextensions.k8s.io apptiers.tierwall.dev; tierwall.dev is served$/m,
      /^warn {2}admission policies: could not look: needs the right to list validatingadmissionpolicies.admissionreg/m,
      /^warn {2}configuration: could not look: needs the right to get configmaps tierwall-config in tierwall-system$/m,
      /^warn {2}operator: could not look: needs the right to get leases.coordination.k8s.io tierwall-operator in tierw/m,
      /^warn {2}the operator's rights: could not look: needs the right to create subjectaccessreviews.authorization/m,
      /^warn {2}your rights: you may not list, watch deployments.apps, statefulsets.apps, .*; get, create, update leases/m,
      /^warn {2}isolation: could not look: needs the right to list namespaces$/m,
      /^warn {2}policies: could not look: needs the right to list networkpolicies.networking.k8s.io$/m,
    ])
      expect(stdout).toMatch(line)
    expect(stderr).toMatch(/, 0 failed\n$/)
  })

  test('tells who is no longer known', async ({ plane }) => {
    expect(await runDoctor(plane.kubeconfigFor({ token: 'of-yesterday' }))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .* does not accept who you are \(401\); log in again, or correct .*\n$/),
    })
  })

  test("looks at the operator's rights, right by right", async ({ plane }) => {
    const namespace = await plane.makeNamespace()
    const kubeconfig = plane.kubeconfigFor({ token: plane.access.token })
    const look = async () => {
      const { stdout } = await runDoctor(kubeconfig, ['--config', 'config.yaml'], `operatorNamespace: ${namespace}\n`)
      return stdout.split('\n').find(line => line.includes("the operator's rights"))
    }
    expect(await look()).toMatch(`warn  the operator's rights: it has none in ${namespace} — it is not installed there`)
    await grant(plane, namespace, ({ where }) => where !== 'operator')
    expect(await look()).toMatch(
      `fail  the operator's rights: it may not get, create, update leases.coordination.k8s.io in ${namespace} — it cannot`,
    )
    await grant(plane, namespace, ({ where }) => where === 'operator')
    expect(await look()).toBe(`ok    the operator's rights: its ServiceAccount in ${namespace} has all of them`)
  })

  test('tells policies that no operator keeps true from those of one that does', async ({ plane }) => {
    const namespace = await plane.makeNamespace()
    const kubeconfig = plane.kubeconfigFor({ token: plane.access.token })
    const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
    const spec = { podSelector: {}, policyTypes: ['Ingress'] }
    await create(plane, `${policies}?fieldManager=tierwall`, { ...metadata('tierwall-default-deny'), spec })
    const labels = { 'app.kubernetes.io/managed-by': 'tierwall' }
    await create(plane, `${policies}?fieldManager=kubectl`, { ...metadata('tierwall-web', { labels }), spec })
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
    const look = () =>
      runDoctor(kubeconfig, ['-n', namespace, '--config', 'config.yaml'], `operatorNamespace: ${namespace}\n`)

    await create(plane, leases, leaseAt(Date.now() - 3_600_000))
    const silent = await look()
    expect(silent.code).toBe(1)
    expect(silent.stdout).toMatch(/^fail {2}operator: tierwall-0 leads, but said so 60 min ago for the last time — /m)
    expect(silent.stdout).toMatch(
      `fail  policies: 1 policy of ours in ${namespace}, and no operator that keeps them true`,
    )

    const headers = { 'content-type': 'application/merge-patch+json' }
    const body = leaseAt(Date.now() + 60_000)
    expect(await plane.request('PATCH', `${leases}/${operator.lease}`, { headers, body })).toMatchObject({
      status: 200,
    })
    const { stdout } = await look()
    expect(stdout).toMatch(/^ok {4}operator: tierwall-0 leads, and said so 0 s ago$/m)
    expect(stdout).toMatch(`ok    policies: 1 policy of ours in ${namespace}\n`)
    expect(stdout).toMatch(
      `warn  policies: 1 policy carries our label and was not written by the operator: ${namespace}/`,
    )
  })
})

/** As an installation would: the Lease by its name, all else everywhere. */
async function grant(
  plane: Plane,
  namespace: string,
  isGranted: (right: (typeof rights)[number]) => boolean,
): Promise<void> {
  const name = `doctor-${namespace}-${rights.filter(isGranted).length}`
  const rules = rights.filter(isGranted).flatMap(({ group, resource, verbs, where }) => {
    const isNamed = (verb: Verb) => where === 'operator' && verb !== 'create'
    const rule = { apiGroups: [group], resources: [resource] }
    return [
      { ...rule, verbs: verbs.filter(isNamed), resourceNames: [operator.lease] },
      { ...rule, verbs: verbs.filter(verb => !isNamed(verb)), resourceNames: [] },
    ].filter(({ verbs }) => verbs.length > 0)
  })
  await create(plane, '/apis/rbac.authorization.k8s.io/v1/clusterroles', { ...metadata(name), rules })
  await create(plane, '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    ...metadata(name),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: operator.account, namespace }],
  })
}

function writeMicroTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

function writesOfDoctor(auditLog: string | undefined): readonly string[] {
  const lines = readFileSync(auditLog ?? '', 'utf8')
    .trimEnd()
    .split('\n')
  const own = lines.map(line => JSON.parse(line)).filter(({ userAgent }) => String(userAgent).startsWith('tierwall/'))
  expect(own.length).toBeGreaterThan(100)
  return own
    .filter(({ verb, objectRef }) => !['get', 'list'].includes(verb) && !/accessreviews$/.test(objectRef?.resource))
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`)
}
