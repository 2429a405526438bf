import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { read } from '../controlplane/read.ts'
import { eventually } from './cluster.ts'
import { pageFlags, readMetric, readPage } from './config-pages.ts'
import { withOperator } from './fixture.ts'
import { namespace, workload } from './objects.ts'
import { type OperatorProcess, runOperator, shortLease } from './operator.ts'

const given = withOperator([...pageFlags, '--log-level', 'debug'])

const lease = z.object({ spec: z.object({ holderIdentity: z.string().optional() }) })

async function holderOf(space: string): Promise<string> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${space}/leases/tierwall-operator`
  return (await read(given.plane, path, lease)).spec.holderIdentity ?? ''
}

/** Another one, which is gone when the test is. */
function runAnother(kubeconfig: string, flags: readonly string[]): OperatorProcess {
  const operator = runOperator(kubeconfig, [...shortLease, ...flags])
  onTestFinished(async () => void (await operator.stop('SIGKILL')))
  return operator
}

describe('an operator that runs', () => {
  test('is alive and ready', async () => {
    expect(await readPage(given.operator(), '/healthz')).toEqual({ status: 200, text: '[+]loop ok\n' })
    expect(await readPage(given.operator(), '/readyz')).toEqual({ status: 200, text: '[+]caches ok\n' })
  })

  test('shows in its metrics what it sees and what it did', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(
      workload(space, 'web', { tier: 'web' }),
      workload(space, 'api', { tier: 'api', ports: 'x y' }),
    )
    await eventually(async () => {
      expect(await readMetric(given.operator(), 'tierwall_writes_total')).toBeGreaterThanOrEqual(3)
      expect(await readMetric(given.operator(), 'tierwall_events_total')).toBeGreaterThanOrEqual(1)
    })
    const { text } = await readPage(given.operator(), '/metrics')
    for (const sample of [
      /^tierwall_leader 1$/m,
      /^tierwall_cache_objects\{resource="deployments"\} [1-9]/m,
      /^tierwall_watch_age_seconds\{resource="apptiers"\} \d/m,
      /^tierwall_queue_depth\{state="failing"\} 0$/m,
      /^tierwall_last_settled_timestamp_seconds 1[\d.e+]+$/m,
      /^tierwall_reconcile_duration_seconds_count\{result="done"\} [1-9]/m,
      /^tierwall_writes_total\{verb="create",kind="NetworkPolicy",result="written"\} [1-9]/m,
      /^tierwall_problems\{code="port-invalid",severity="error"\} 1$/m,
      /^tierwall_api_request_attempts_total\{method="POST",result="201"\} [1-9]/m,
      /^process_resident_memory_bytes \d+$/m,
    ])
      expect(text).toMatch(sample)
  })

  test('says what it does in lines of JSON, and its token in none of them', async () => {
    const { log } = given.operator()
    const decided = log.filter(({ msg }) => msg === 'policy created')
    expect(decided).toContainEqual(
      expect.objectContaining({ level: 'info', policy: 'tierwall-web', because: expect.any(String) }),
    )
    // Only what was read as JSON has a time.
    expect(log.filter(({ time }) => typeof time !== 'number')).toEqual([])
    expect(JSON.stringify(log)).not.toContain(given.plane.access.token)
  })

  test('ends with 0 on SIGTERM and gives its Lease back, so that the next one need not wait', async () => {
    expect(await holderOf('default')).not.toBe('')
    expect(await given.operator().stop('SIGTERM')).toBe(0)
    expect(await holderOf('default')).toBe('')
    await given.restart()
  })
})

describe('an operator that cannot work', () => {
  test('ends with 1 where its port is taken, and says which', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await eventually(() => expect(taken.listening).toBe(true))
    const { port } = z.object({ port: z.number() }).parse(taken.address())
    const flags = ['--health', `127.0.0.1:${port}`, '--metrics', '127.0.0.1:0']
    const operator = runAnother(given.plane.access.kubeconfigFile, flags)
    await eventually(() => expect(operator.ended()).toBe(true))
    expect(await operator.stop()).toBe(1)
    expect(operator.log.at(-1)?.msg).toContain(`error: cannot listen on port ${port}: `)
    expect(operator.log.at(-1)?.msg).toContain('give another address with --health, or off')
  })

  test('is not ready as long as it has no rights, says what it does not know, and is once it has them', async () => {
    const space = 'without-rights'
    const account = { namespace: space, name: 'operator' }
    await given.cluster.apply(namespace(space))
    await given.plane.request('POST', `/api/v1/namespaces/${space}/serviceaccounts`, {
      body: { metadata: { name: account.name } },
    })
    const token = await given.plane.tokenFor(account)
    const kubeconfig = join(given.plane.access.dataDir, `${space}.kubeconfig`)
    await writeFile(kubeconfig, given.plane.kubeconfigFor({ token }), { mode: 0o600 })
    const operator = runAnother(kubeconfig, ['--operator-namespace', space, '--namespaces', space, ...pageFlags])
    await eventually(async () => {
      const ready = await readPage(operator, '/readyz')
      expect(ready.status).toBe(503)
      expect(ready.text).toMatch(/^\[-\]caches failed: not known yet: .*deployments in without-rights.*endpointslices/)
    })
    expect(await readPage(operator, '/healthz')).toMatchObject({ status: 200 })
    await given.plane.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      body: {
        metadata: { name: space },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', ...account }],
      },
    })
    await eventually(async () => expect(await readPage(operator, '/readyz')).toMatchObject({ status: 200 }), 30_000)
    await operator.ready()
    expect(JSON.stringify(operator.log)).not.toContain(token)
    expect(await operator.stop('SIGTERM')).toBe(0)
    expect(await holderOf(space)).toBe('')
  })
})
