/** What `render` of many Deployments costs: reading, deciding and writing apart, and whether deciding grows linearly. */
import { defaultConfiguration } from '../src/api/configuration.ts'
import { decide, desiredPolicies } from '../src/engine.ts'
import { readManifestText } from '../src/manifests/manifests.ts'
import { writeWorld } from './world.ts'

interface Run {
  readonly deployments: number
  readonly read: number
  readonly decide: number
  readonly write: number
  readonly policies: number
  readonly heap: number
}

const mebibyte = 2 ** 20

/** Deciding is timed as the median of some runs: one alone says more of the machine than of the code. */
const rounds = 5

function measure(deployments: number): Run {
  const text = writeWorld(deployments)
  const start = performance.now()
  const { objects, problems } = readManifestText('world.yaml', text)
  if (problems.length > 0) throw new Error(`the world has problems: ${problems[0]?.message}`)
  const read = performance.now() - start
  const times = Array.from({ length: rounds }, () => timeOf(() => decide(objects, defaultConfiguration)))
  const before = heapInUse()
  const decision = decide(objects, defaultConfiguration)
  const heap = (heapInUse() - before) / mebibyte
  const policies = desiredPolicies(decision)
  const write = timeOf(() => policies.map(({ policy }) => JSON.stringify(policy)).join('\n'))
  return {
    deployments,
    read,
    decide: times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0,
    write,
    policies: policies.length,
    heap,
  }
}

function heapInUse(): number {
  if (!globalThis.gc) throw new Error('memory can only be told with node --expose-gc')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

function timeOf(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function print({ deployments, read, decide, write, policies, heap }: Run): void {
  const seconds = (time: number) => `${(time / 1000).toFixed(2)} s`
  const columns = [
    `read ${seconds(read)}`,
    `decide ${seconds(decide)}`,
    `write ${seconds(write)}`,
    `${policies} policies`,
    `${heap.toFixed(0)} MiB of decisions`,
  ]
  console.log(`${String(deployments).padStart(7)} Deployments: ${columns.join(', ')}`)
}

measure(1_000)
const small = measure(10_000)
print(small)
const large = measure(100_000)
print(large)
const growth = large.decide / small.decide / (large.deployments / small.deployments)
console.log(`deciding ten times as much took ${(growth * 10).toFixed(1)} times as long (linear: 10)`)
console.log(`resident memory at the end: ${(process.memoryUsage().rss / mebibyte).toFixed(0)} MiB`)
