/** The annotations that Tierwall reads and the ones that it writes. */
import { distance } from 'fastest-levenshtein'

export const group = 'tierwall.dev'
export const partOfLabel = 'app.kubernetes.io/part-of'
export const namespaceNameLabel = 'kubernetes.io/metadata.name'

export const annotation = {
  tier: 'tierwall.dev/tier',
  app: 'tierwall.dev/app',
  ports: 'tierwall.dev/ports',
  from: 'tierwall.dev/allow-from',
  to: 'tierwall.dev/allow-to',
} as const

export const workloadAnnotations: readonly string[] = Object.values(annotation)
export const isolationAnnotation = 'tierwall.dev/isolation'

/** On the policies that Tierwall writes. */
export const written = {
  managedByLabel: 'app.kubernetes.io/managed-by',
  manager: 'tierwall',
  tierLabel: 'tierwall.dev/tier',
  appLabel: 'tierwall.dev/app',
  because: 'tierwall.dev/because',
  /** The users' own words that the policy was made from: see said.ts. */
  said: 'tierwall.dev/said',
} as const

/** An annotation key that a person may have meant for Tierwall: its prefix, or one that is easily taken for it. */
export function isTierwallKey(key: string): boolean {
  return /^([a-z0-9-]+\.)*tierwall?\.(dev|io|com)\//i.test(key)
}

/** Also keys whose prefix is one slip away from ours. */
export function mayMeanUs(key: string): boolean {
  const [prefix, word] = key.split('/')
  // Cheap first: this is asked of every annotation in the cluster.
  if (prefix === undefined || word === undefined || !/wal/i.test(prefix)) return false
  return isTierwallKey(key) || distance(prefix.toLowerCase(), group) <= 2
}

/** Those that may mean us: of all others nothing is kept. */
export function pickOurs(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => mayMeanUs(key)))
}
