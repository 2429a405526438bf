/** What came in the way of an uninstall → one sentence on what is wrong, and what to do. */
import type { Connection, Failure } from '../../../cluster/index.ts'
import { operator } from '../../../live/resources.ts'
import type { Miss } from '../../../operator/apply.ts'
import type { Trouble } from '../../../report/world/name.ts'
import { type Circumstances, explainFailure } from '../../cluster-trouble.ts'
import type { Taken } from './lease.ts'
import type { Removed } from './remove.ts'

export interface Around {
  readonly connection: Pick<Connection, 'server'>
  readonly options: Circumstances['options']
  readonly signal: AbortSignal
}

export function explain(failure: Failure, { connection, options }: Omit<Around, 'signal'>): Trouble {
  return explainFailure(failure, { options, server: connection.server })
}

export function explainLease(
  taken: Exclude<Taken, { readonly is: 'taken' }>,
  namespace: string,
  around: Around,
): Trouble {
  switch (taken.is) {
    case 'held':
      return {
        message: `an operator is at work and would write the policies again: ${taken.holder} holds the Lease ${namespace}/${operator.lease}`,
        fix: `stop it first: kubectl -n ${namespace} scale deployment ${operator.account} --replicas=0, or, where it runs outside the cluster, end the process tierwall run on the host of that name`,
      }
    case 'failed':
      return explain(taken.failure, around)
    case 'out-of-reach':
      return {
        message: `the Lease ${namespace}/${operator.lease} could not be taken: ${taken.because}`,
        fix: 'ask for the right to get, create and update leases there, or name another --operator-namespace',
      }
    case 'stopped':
      return interrupted
  }
}

const interrupted: Trouble = { message: 'interrupted: nothing more was removed', fix: 'run it again to go on' }

export function explainRemoval(done: Exclude<Removed, { readonly is: 'done' }>, around: Around): Trouble {
  if (around.signal.aborted) return interrupted
  switch (done.is) {
    case 'late':
      return { message: 'the Lease was lost on the way', fix: 'run it again to go on' }
    case 'failed':
      return explain(done.failure, around)
    case 'never-done':
      return {
        message: 'somebody keeps writing policies in the name of Tierwall',
        fix: 'look who does, and run it again',
      }
  }
}

/** The optional admission policy lets nobody but the operator touch them. */
export function explainMisses([namespace, { policy, message }]: readonly [string, Miss], others: number): Trouble {
  const more = others > 0 ? `, and neither could some in ${others} other namespaces` : ''
  return {
    message: `${namespace}/${policy} could not be removed (${message})${more}`,
    fix: message.includes('tierwall-reserved')
      ? 'take the reservation away first, as it says, and run it again'
      : 'ask for the right to create, update and delete NetworkPolicies, and run it again',
  }
}
