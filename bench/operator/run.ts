/**
 * The operator against a bare loop that lists, watches and posts one policy for each Deployment: the least that anybody
 * could do. Both on one control plane in turns; what counts are the ratios, since machines differ.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { countRequests } from './audit.ts'
import { bareLoop, type Contestant, cpuOf, tierwall } from './contestants.ts'
import { createDeployment, eachOf, emptyNamespaces, makeNamespaces, watchPolicies } from './load.ts'

const deployments = Number(process.env.BENCH_DEPLOYMENTS ?? 1_000)
const namespaces = Number(process.env.BENCH_NAMESPACES ?? 50)
/** Beside a first one that does not count: a new API server is slower for whoever comes first. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 8)
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
  /** Seconds of processor time for all of them, of its own. */
  readonly cpu: number
  /** The same with the control plane's. */
  readonly cpuTogether: number
}

interface Pair {
  readonly floor: Result
  readonly ours: Result
}

interface Place {
  readonly plane: ControlPlane
  /** The same for all, empty before and after. */
  readonly names: readonly string[]
}

async function measure({ plane, names }: Place, contestant: Contestant, round: number): Promise<Result> {
  const { name, prefix, perNamespace } = contestant
  const requestsBefore = await countRequests(plane, name)
  const running = await contestant.start()
  const policies = await watchPolicies(plane.access, prefix)
  await untilQuiet(plane)
  const wanted = Array.from({ length: deployments }, (_, index) => ({
    namespace: names[index % names.length] ?? '',
    name: `app${index}`,
  }))
  const spent = () => ({ own: running.cpu(), plane: sum(Object.values(plane.pids()).map(cpuOf)) })
  const before = spent()
  const start = performance.now()
  await eachOf(wanted, one => createDeployment(plane, one.namespace, one.name))
  const end = await policies.until(all => all.size >= deployments + perNamespace * namespaces)
  const after = spent()
  const cpu = after.own - before.own
  const writes = policies.events()
  const requests = (await countRequests(plane, name)) - requestsBefore
  const times: number[] = []
  for (let index = 0; index < single; index++) {
    const more = { namespace: names[index % names.length] ?? '', name: `more${index}` }
    const since = performance.now()
    await createDeployment(plane, more.namespace, more.name)
    const there = await policies.until(all => all.has(`${more.namespace}/${prefix}${more.name}`))
    times.push(there - since)
    await sleep(20)
  }
  const residentMiB = running.residentMiB()
  const heapMiB = await running.heapMiB()
  if (name === 'tierwall' && round === rounds) await measureRest(running.cpu)
  await policies.stop()
  await running.stop()
  await emptyNamespaces(plane, names)
  return {
    all: (end - start) / 1_000,
    more: median(times),
    requestsPerWrite: requests / writes,
    residentMiB,
    heapMiB,
    cpu,
    cpuTogether: cpu + after.plane - before.plane,
  }
}

/** The controllers go on for a while after what was made has gone, and that is not to be measured with what comes next. */
async function untilQuiet(plane: ControlPlane): Promise<void> {
  const spent = () => sum(Object.values(plane.pids()).map(cpuOf))
  let before = spent()
  for (let quiet = 0, looks = 0; quiet < 4 && looks < 120; looks++) {
    await sleep(500)
    const now = spent()
    // At rest it takes a hundredth of a core or two.
    quiet = now - before < 0.06 ? quiet + 1 : 0
    before = now
  }
}

async function measureRest(cpu: () => number): Promise<void> {
  // What comes after the last policy, such as lint's findings, is no rest.
  await sleep(15_000)
  const before = cpu()
  await sleep(restSeconds * 1_000)
  console.log(`at rest: ${(((cpu() - before) * 60) / restSeconds).toFixed(2)} CPU seconds a minute`)
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}

function tell(name: string, { all, more, requestsPerWrite, residentMiB, heapMiB, cpu, cpuTogether }: Result): string {
  return [
    `${name}: ${deployments} in ${all.toFixed(2)} s`,
    `${cpu.toFixed(2)} s of processor time, ${cpuTogether.toFixed(2)} s with the control plane's`,
    `one more in ${more.toFixed(1)} ms`,
    `${requestsPerWrite.toFixed(2)} requests a policy written`,
    `${residentMiB.toFixed(0)} MiB resident`,
    ...(heapMiB === undefined ? [] : [`${heapMiB.toFixed(0)} MiB heap`]),
  ].join(', ')
}

const plane = await startControlPlane({ audit: true, customResources: [makeCustomResourceDefinition()] })
try {
  const place: Place = { plane, names: await makeNamespaces(plane, 'bench', namespaces) }
  const pairs: Pair[] = []
  for (let round = 0; round <= rounds; round++) {
    const run = async (contestant: Contestant) => {
      const result = await measure(place, contestant, round)
      console.log(`${round === 0 ? 'not counted, ' : ''}${tell(contestant.name, result)}`)
      return result
    }
    // The older a control plane, the slower: each comes first as often as the other.
    const early = round % 2 === 0 ? await run(bareLoop(plane)) : undefined
    const ours = await run(tierwall(plane))
    const floor = early ?? (await run(bareLoop(plane)))
    if (round > 0) pairs.push({ floor, ours })
  }
  // Of neighbours: a machine is not equally fast all the time.
  const ratio = (field: 'all' | 'more' | 'cpuTogether') => {
    const ratios = pairs.map(({ floor, ours }) => ours[field] / floor[field])
    const fastest = (who: keyof Pair) => Math.min(...pairs.map(pair => pair[who][field]))
    const each = ratios.map(one => one.toFixed(2)).join(', ')
    // Whoever else is at work on the machine only ever adds to it: the fastest rounds have the least of that in them.
    const leastDisturbed = (fastest('ours') / fastest('floor')).toFixed(2)
    return `${median(ratios).toFixed(2)} × the bare loop's (${each}; of the fastest rounds ${leastDisturbed})`
  }
  console.log(`the time for all is ${ratio('all')}; the aim is 1.3`)
  console.log(`the time for one more is ${ratio('more')}; the aim is 2`)
  console.log(`the processor time for all, with the control plane's, is ${ratio('cpuTogether')}`)
} finally {
  await plane.stop()
}
