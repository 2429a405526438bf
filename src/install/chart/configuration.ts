/** The chart's value `configuration`: the configuration file, less what the chart says in a value of its own. */
import { z } from 'zod'
import { peerSchema } from '../../api/apptier-schema.ts'
import { isolationModes } from '../../api/configuration.ts'
import { operatorSettings } from '../../api/operator-settings.ts'
import { fields, namespace, port } from './kubernetes.ts'

const peer = z
  .union([z.string(), peerSchema])
  .meta({ id: 'peer', description: 'A peer, as an annotation spells it or as an AppTier does.' })
const peers = z.array(peer).optional()

const { log, lease } = operatorSettings.shape

export const configurationValue = z.strictObject({
  apiVersion: z.literal('tierwall.dev/v1alpha1').optional(),
  kind: z.literal('Configuration').optional(),
  metadata: fields.optional(),
  isolation: z
    // What Helm makes of `off` without quotes.
    .union([z.enum(isolationModes), z.literal(false)])
    .optional()
    .meta({ description: 'How namespaces are isolated that say nothing themselves; enforce unless given.' }),
  allowSystemNamespaces: z
    .array(namespace)
    .optional()
    .meta({ description: 'System namespaces in which policies are written all the same.' }),
  clusterRanges: z
    .array(z.string())
    .max(32)
    .optional()
    .meta({ description: 'Pods, Services and nodes of this cluster, so that `internet` leaves them out.' }),
  dns: z
    .strictObject({
      services: z
        .array(z.strictObject({ namespace, name: z.string().min(1) }))
        .optional()
        .meta({ description: "The Services of the cluster's DNS; the operator gets its rights where they are." }),
      peers: peers.meta({ description: 'DNS beside those, on port 53.' }),
    })
    .optional()
    .meta({ description: 'Where names are asked for.' }),
  kubeApiserver: z
    .strictObject({ endpoints: z.array(z.strictObject({ address: z.string(), port })).optional() })
    .optional()
    .meta({ description: 'Where the API server is, for the peer `kube-apiserver`.' }),
  peers: z
    .record(z.string(), z.union([peer, z.array(peer)]))
    .optional()
    .meta({ description: 'Peers that everybody may write as @NAME.' }),
  baseline: z
    .strictObject({ from: peers, to: peers })
    .optional()
    .meta({ description: 'Who may reach every tier, and whom every tier may reach.' }),
  operator: z
    .strictObject({ log: log.optional(), lease: lease.optional() })
    .optional()
    .meta({ description: 'How the operator itself runs, where the chart has no value for it. A change restarts it.' }),
})
