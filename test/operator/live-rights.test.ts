/** The commands that look at a cluster, for somebody who may not see all of it. */
import { describe, expect } from 'vitest'
import { inFolder, type Outcome } from '../cli/run.ts'
import { type SharedPlane, test } from '../controlplane/plane.ts'
import { connectCluster } from './cluster.ts'
import { workload } from './objects.ts'

const seen = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['list'] },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list'] },
  { apiGroups: ['tierwall.dev'], resources: ['apptiers'], verbs: ['list'] },
]

async function create(plane: SharedPlane, space: string, plural: string, body: object): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${space}/${plural}`
  const { status, body: answer } = await plane.request('POST', path, { body })
  if (status !== 201) throw new Error(JSON.stringify(answer))
}

/** Whoever works in one namespace and sees no other. */
async function developerOf(plane: SharedPlane, space: string): Promise<(...args: string[]) => Promise<Outcome>> {
  const user = `dev-${space}`
  const metadata = { name: 'developer', namespace: space }
  await create(plane, space, 'roles', { metadata, rules: seen })
  await create(plane, space, 'rolebindings', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'developer' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  })
  const kubeconfig = plane.kubeconfigFor(await plane.certificateFor({ user }))
  const run = inFolder({ kubeconfig })
  return (...args) => run([...args, '--kubeconfig', 'kubeconfig'])
}

async function makeShop(plane: SharedPlane): Promise<string> {
  const space = await plane.makeNamespace()
  const { apply } = connectCluster(plane)
  await apply(workload(space, 'web', { tier: 'web' }), workload(space, 'api', { tier: 'api' }))
  return space
}

describe('somebody who sees one namespace', () => {
  test('may ask about it, and is told what is not known', async ({ plane }) => {
    const space = await makeShop(plane)
    const run = await developerOf(plane, space)
    const { code, stdout, stderr } = await run('explain', 'web', 'api', '-p', '5000', '-n', space)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^ALLOWED web -> api:5000\/TCP\n {2}from Deployment .*: not isolated: no policy selects it\n/,
    )
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^note: the operator's configuration could not be seen \(needs the right to get configmaps/,
      ),
      `note: you may look at namespace ${space} alone, so tiers of other namespaces are not known here`,
      'note: you may not list services in kube-system, endpointslices in kube-system, endpointslices in default, so these count as not there',
      'note: you may not list pods, so the templates of their workloads stand for them',
      'note: the policies are not yet as Tierwall would have them: 4 changes are outstanding, see tierwall plan',
      '',
    ])
    const graph = await run('graph', '-n', space)
    expect(graph.code).toBe(0)
    expect(graph.stdout).toContain('web<br/>80')
  })

  test('gets no plan, since it might be wrong, but the rights that it would take', async ({ plane }) => {
    const space = await makeShop(plane)
    const run = await developerOf(plane, space)
    const missing = 'services in kube-system, endpointslices in kube-system, endpointslices in default'
    expect(await run('plan', '-n', space)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: what the operator would do cannot be told: you may not list ${missing}; ask for the rights of the ClusterRole tierwall-operator to list, or name your namespace with -n\n`,
    })
    const { code, stderr } = await run('plan', '-A')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /you may not list namespaces, deployments, statefulsets, daemonsets, apptiers, networkpolicies, /,
    )
  })

  test('cannot uninstall, and is told what it would take', async ({ plane }) => {
    const space = await makeShop(plane)
    const run = await developerOf(plane, space)
    const { code, stderr } = await run('uninstall', '--yes', '-n', space)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: you may not do this: leases.coordination.k8s.io "tierwall-operator" is forbidden: /)
    const all = await run('uninstall', '--dry-run')
    expect(all).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('name another --context or -n') })
    expect(await run('uninstall', '--dry-run', '-n', space)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'there is no policy that Tierwall wrote\n',
    })
  })
})
