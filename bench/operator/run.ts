/**
 * The operator against a bare loop that lists, watches and posts one policy for each Deployment: the least that anybody
 * could do. Both on one control plane in turns; what counts are the ratios, since machines differ.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { countRequests } from './audit.ts'
import { bareLoop, type Contestant, tierwall } from './contestants.ts'
import { createDeployment, eachOf, makeNamespaces, removeNamespaces, watchPolicies } from './load.ts'

const deployments = Number(process.env.BENCH_DEPLOYMENTS ?? 1_000)
const namespaces = Number(process.env.BENCH_NAMESPACES ?? 50)
/** Beside a first one that does not count: a new API server is slower for whoever comes first. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const restSeconds = Number(process.env.BENCH_REST ?? 60)
const single = 30

interface Result {
  /** Seconds from the first Deployment's write to the last policy. */
  readonly all: number
  /** Milliseconds from one more Deployment's write to its policy: the median. */
  readonly more: number
  readonly requestsPerWrite: number
  readonly residentMiB: number
  readonly heapMiB: number | undefined
  /** Seconds of processor time for all of them. */
  readonly cpu: number
}

async function measure(plane: ControlPlane, contestant: Contestant, round: number): Promise<Result> {
  const { name, prefix, perNamespace } = contestant
  const names = await makeNamespaces(plane, `${prefix}${round}`, namespaces)
  const before = await countRequests(plane, name)
  const running = await contestant.start()
  const policies = await watchPolicies(plane.access, prefix)
  const wanted = Array.from({ length: deployments }, (_, index) => ({
    namespace: names[index % names.length] ?? '',
    name: `app${index}`,
  }))
  const cpuBefore = running.cpu()
  const start = performance.now()
  await eachOf(wanted, one => createDeployment(plane, contestant, one.namespace, one.name))
  const end = await policies.until(all => all.size >= deployments + perNamespace * namespaces)
  const cpu = running.cpu() - cpuBefore
  const writes = policies.events()
  const requests = (await countRequests(plane, name)) - before
  const times: number[] = []
  for (let index = 0; index < single; index++) {
    const more = { namespace: names[index % names.length] ?? '', name: `more${index}` }
    const since = performance.now()
    await createDeployment(plane, contestant, more.namespace, more.name)
    const there = await policies.until(all => all.has(`${more.namespace}/${prefix}${more.name}`))
    times.push(there - since)
    await sleep(20)
  }
  const residentMiB = running.residentMiB()
  const heapMiB = await running.heapMiB()
  if (name === 'tierwall' && round === rounds) await measureRest(running.cpu)
  await policies.stop()
  await running.stop()
  await removeNamespaces(plane, names)
  return {
    all: (end - start) / 1_000,
    more: median(times),
    requestsPerWrite: requests / writes,
    residentMiB,
    heapMiB,
    cpu,
  }
}

async function measureRest(cpu: () => number): Promise<void> {
  // What comes after the last policy, such as lint's findings, is no rest.
  await sleep(15_000)
  const before = cpu()
  await sleep(restSeconds * 1_000)
  console.log(`at rest: ${(((cpu() - before) * 60) / restSeconds).toFixed(2)} CPU seconds a minute`)
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

const plane = await startControlPlane({ audit: true, customResources: [makeCustomResourceDefinition()] })
try {
  const results = new Map<string, Result[]>()
  for (let round = 0; round <= rounds; round++)
    for (const contestant of [bareLoop(plane), tierwall(plane)]) {
      const result = await measure(plane, contestant, round)
      if (round > 0) results.set(contestant.name, [...(results.get(contestant.name) ?? []), result])
      const { all, more, requestsPerWrite, residentMiB, heapMiB, cpu } = result
      console.log(
        `${round === 0 ? 'not counted, ' : ''}${contestant.name}: ${deployments} in ${all.toFixed(2)} s with ${cpu.toFixed(2)} s of processor time, one more in ${more.toFixed(1)} ms, ` +
          `${requestsPerWrite.toFixed(2)} requests a policy written, ${residentMiB.toFixed(0)} MiB resident${heapMiB === undefined ? '' : `, ${heapMiB.toFixed(0)} MiB heap`}`,
      )
    }
  const of = (name: string, field: 'all' | 'more') => median((results.get(name) ?? []).map(result => result[field]))
  const ratio = (field: 'all' | 'more') => (of('tierwall', field) / of('bare loop', field)).toFixed(2)
  console.log(`all: ${ratio('all')} × the bare loop (at most 1.3); one more: ${ratio('more')} × (at most 2)`)
} finally {
  await plane.stop()
}
