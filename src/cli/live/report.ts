/** Everything that `tierwall plan` tells: the cluster read, manifests laid over it where some are given, and both compared. */
import type { Problem } from '../../api/problem.ts'
import { sortProblems } from '../../engine.ts'
import type { Manifests } from '../../manifests/index.ts'
import type { PlanReport } from '../../report/plan/index.ts'
import type { Locate } from '../../report/problems/index.ts'
import type { Trouble } from '../../report/world/name.ts'
import { readManifestsOf } from '../input.ts'
import { type LiveCluster, type LiveRead, readLive } from './index.ts'
import { lookAtReading } from './look.ts'
import type { LiveOptions } from './options.ts'
import { layOver } from './overlay.ts'
import { outstanding, planChanges } from './planned.ts'

export interface MadeReport {
  readonly report: PlanReport
  readonly locate: Locate
  readonly notes: readonly string[]
  /** The manifests have errors: what these are about is not as it would be. */
  readonly failed: boolean
}

export async function makeReport(
  options: LiveOptions,
): Promise<MadeReport | Exclude<LiveRead, { readonly live: LiveCluster }>> {
  const read = await readLive(options)
  if (!('live' in read)) return read
  const { live } = read
  const { refused } = live.reading
  if (refused.length > 0) return { trouble: cannotTell(refused) }
  const notes = [...live.notes, ...(live.reading.pods ? [] : [noPods])]
  if (!options.filename) return reportOnCluster({ ...live, notes })
  const files = await readManifestsOf({ filename: options.filename, namespace: live.namespace ?? 'default' })
  return 'trouble' in files ? files : reportOnManifests({ ...live, notes }, files.manifests)
}

const noPods = 'you may not list pods, so flows are judged by the templates of their workloads'

function cannotTell(refused: readonly string[]): Trouble {
  return {
    message: `what the operator would do cannot be told: you may not list ${refused.join(', ')}`,
    fix: 'ask for the rights of the ClusterRole tierwall-operator to list, or name your namespace with -n',
  }
}

function reportOnCluster({ reading, configuration, namespace, notes, locate }: LiveCluster): MadeReport {
  const look = lookAtReading(reading, configuration)
  const report = planChanges({ before: look, after: look, namespace, locate })
  const elsewhere =
    namespace === undefined ? 0 : outstanding(look).changes.filter(change => change.namespace !== namespace).length
  const more = elsewhere > 0 ? [`other namespaces have ${elsewhere} more changes: see tierwall plan -A`] : []
  return { report, locate, notes: [...notes, ...more], failed: false }
}

function reportOnManifests(live: LiveCluster, manifests: Manifests): MadeReport {
  const { reading, configuration } = live
  const locate: Locate = source => manifests.locate(source) ?? live.locate(source)
  const laid = layOver(reading, manifests.objects, new Date().toISOString())
  const before = lookAtReading(reading, configuration)
  const after = lookAtReading(laid.reading, configuration)
  const report = planChanges({ before, after, namespace: undefined, locate })
  const problems = sortProblems([...manifests.problems, ...report.problems])
  const missing = laid.missing.map(name => `namespace ${name} is not in the cluster yet: apply would fail without it`)
  return {
    report: { ...report, problems },
    locate,
    notes: [...live.notes, ...missing],
    failed: problems.some(problem => isErrorIn(problem, manifests)),
  }
}

/** What is wrong in the cluster already is not this change's to answer for. */
function isErrorIn({ severity, source }: Problem, { locate }: Manifests): boolean {
  return severity === 'error' && locate(source) !== undefined
}
