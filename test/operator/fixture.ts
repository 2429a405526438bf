/** One control plane and one operator for all tests of a file. */
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { type Cluster, connectCluster } from './cluster.ts'
import { namespace } from './objects.ts'
import { type OperatorProcess, runOperator, shortLease } from './operator.ts'

export interface Given {
  readonly plane: ControlPlane
  readonly cluster: Cluster
  readonly operator: () => OperatorProcess
  /** Ends the one before, without mercy unless told otherwise. */
  readonly restart: (signal?: NodeJS.Signals, flags?: readonly string[]) => Promise<OperatorProcess>
  /** A namespace of the test's own. */
  readonly makeNamespace: (annotations?: Readonly<Record<string, string>>) => Promise<string>
}

let count = 0

/** Filled before the first test of the file. */
export function withOperator(flags: readonly string[] = []): Given {
  let plane: ControlPlane
  let cluster: Cluster
  let operator: OperatorProcess
  const start = async (more: readonly string[]) => {
    operator = runOperator(plane.access.kubeconfigFile, [...shortLease, ...flags, ...more])
    await operator.ready()
    return operator
  }
  const given = inject('controlPlane')
  beforeEach(({ skip }) => {
    if ('missing' in given) skip(given.missing)
  })
  beforeAll(async () => {
    if ('missing' in given) return
    if ('broken' in given) throw new Error(given.broken)
    plane = await startControlPlane({ customResources: [makeCustomResourceDefinition()] })
    cluster = connectCluster(plane)
    await start([])
  }, 120_000)
  afterAll(async () => {
    await operator?.stop()
    await plane?.stop()
  })
  return {
    get plane() {
      return plane
    },
    get cluster() {
      return cluster
    },
    operator: () => operator,
    restart: async (signal = 'SIGKILL', more = []) => {
      await operator.stop(signal)
      return start(more)
    },
    makeNamespace: async (annotations = {}) => {
      const name = `shop-${count++}`
      await cluster.apply(namespace(name, annotations))
      return name
    },
  }
}
