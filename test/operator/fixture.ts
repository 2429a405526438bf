/** One control plane and one operator for all tests of a file. */
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { type Cluster, connectCluster } from './cluster.ts'
import { namespace } from './objects.ts'
import { type OperatorProcess, runOperator, shortLease } from './operator.ts'
import { type Hands, makeHands } from './revisions/hands.ts'
import { judgeEachTest } from './revisions/judge-each.ts'
import { noteWrites } from './revisions/noted.ts'

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

export interface OperatorOptions {
  /** Each test is red also where a write of Tierwall opened or cut what it should not have. */
  readonly judged?: boolean
}

/** Filled before the first test of the file. */
export function withOperator(flags: readonly string[] = [], { judged = false }: OperatorOptions = {}): Given {
  let plane: ControlPlane
  let cluster: Cluster
  let hands: Hands | undefined
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
    hands = makeHands(plane)
    cluster = judged ? noteWrites(connectCluster(plane), hands) : connectCluster(plane)
    await start([])
  }, 120_000)
  afterAll(async () => {
    await operator?.stop()
    await plane?.stop()
  })
  const judging = judged ? judgeEachTest(() => hands && { access: plane.access, byHand: hands.byHand }) : undefined
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
      judging?.include(name)
      await cluster.apply(namespace(name, annotations))
      return name
    },
  }
}
