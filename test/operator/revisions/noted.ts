/** A cluster as tests use it, where whatever users do to NetworkPolicies is noted as theirs. */
import { z } from 'zod'
import type { Cluster } from '../cluster.ts'
import type { Hands } from './hands.ts'

const named = z.looseObject({ kind: z.string() })
const change = z.object({ metadata: z.looseObject({}).optional(), spec: z.looseObject({}).optional() })

export function noteWrites(cluster: Cluster, hands: Hands): Cluster {
  return {
    ...cluster,
    async apply(...objects) {
      for (const object of objects)
        if (named.parse(object).kind === 'NetworkPolicy') await hands.apply(object)
        else await cluster.apply(object)
    },
    async patch(kind, namespace, name, patch) {
      if (kind !== 'NetworkPolicy') return cluster.patch(kind, namespace, name, patch)
      const { metadata, spec } = change.parse(patch)
      const said = { ...(metadata && { metadata }), ...(spec && { spec }) }
      if (!(await hands.change({ kind, namespace, name }, said)))
        throw new Error(`${name} changed while it was patched`)
    },
    async remove(kind, namespace, name) {
      if (kind !== 'NetworkPolicy') return cluster.remove(kind, namespace, name)
      if (!(await hands.remove({ kind, namespace, name }))) throw new Error(`there is no ${name} to delete`)
    },
  }
}
