/** What teams keep in Git: file by file, as text. */
import { stringify } from 'yaml'
import type { Json } from '../operator/cluster.ts'
import { appTier, workload } from '../operator/objects.ts'

export type Tree = Readonly<Record<string, string>>

/** The annotations' keys without the prefix. Without pods: no node would run them, and Flux waits for them. */
export function deployment(space: string, name: string, annotations: Readonly<Record<string, string>>): Json {
  const made = workload(space, name, annotations)
  return { ...made, spec: { ...Object(made.spec), replicas: 0 } }
}

/** Three tiers, one of them with an object of its own. */
export function shop(space: string): Tree {
  return {
    'web.yaml': stringify(deployment(space, 'web', { tier: 'web' })),
    'api.yaml': stringify(deployment(space, 'api', { tier: 'api' })),
    'db.yaml': stringify(appTier(space, 'db', { selector: { matchLabels: { app: 'db' } }, ports: [{ port: 3306 }] })),
  }
}

export const shopPolicies = [
  'tierwall-allow-dns',
  'tierwall-api',
  'tierwall-db.apptier',
  'tierwall-default-deny',
  'tierwall-web',
]
