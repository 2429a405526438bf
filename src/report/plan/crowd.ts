/** Many ends → few words: `everyone but shop/web`, `every pod of shop`, `outside the cluster`. */
import { compareText } from '../../api/order.ts'
import type { Party } from './parties.ts'

export type NameCrowd = (crowd: ReadonlySet<Party>) => readonly string[]

/** So many exceptions are still easier to read than what is left. */
const mostExceptions = 3

export function nameCrowds(all: readonly Party[]): NameCrowd {
  const pods = all.filter(({ is }) => is === 'pods' || is === 'stranger')
  const addresses = all.filter(({ is }) => is === 'address' || is === 'range')
  const byNamespace = Map.groupBy(
    pods.filter(({ is }) => is === 'pods'),
    ({ namespace }) => namespace,
  )
  return crowd => {
    const [inside, outside] = [nameMost(pods, crowd), nameAddresses(addresses, crowd)]
    const isEverywhere = outside.length === 1 && outside[0] === outsideTheCluster
    if (inside && isEverywhere) return [exceptFor('everyone', inside.but)]
    if (inside) return [exceptFor('every pod', inside.but), ...outside]
    return [...namePods(byNamespace, pods, crowd), ...outside]
  }
}

const outsideTheCluster = 'outside the cluster'

function exceptFor(most: string, but: readonly string[]): string {
  return but.length === 0 ? most : `${most} but ${but.join(', ')}`
}

/** Nothing where the crowd is not most of them. */
function nameMost(all: readonly Party[], crowd: ReadonlySet<Party>): { readonly but: readonly string[] } | undefined {
  const missing = all.filter(party => !crowd.has(party))
  // Pods without a stranger among them are those of some namespaces, and no more.
  const hasStrangers = missing.every(({ is }) => is !== 'stranger')
  const isMost = missing.length <= mostExceptions && missing.length * 2 < all.length
  return hasStrangers && isMost ? { but: namesOf(missing) } : undefined
}

function namePods(
  byNamespace: ReadonlyMap<string, readonly Party[]>,
  pods: readonly Party[],
  crowd: ReadonlySet<Party>,
): readonly string[] {
  const inCrowd = pods.filter(party => crowd.has(party))
  const strangers = inCrowd.filter(({ is }) => is === 'stranger')
  const here = Map.groupBy(
    inCrowd.filter(({ is }) => is === 'pods'),
    ({ namespace }) => namespace,
  )
  const named = [...here].flatMap(([namespace, some]) => {
    const isAll = some.length > 1 && some.length === byNamespace.get(namespace)?.length
    return isAll ? [`every pod of ${namespace}`] : namesOf(some)
  })
  return [...named.sort(compareText), ...namesOf(strangers)]
}

/** Both families together are all that is outside. */
function nameAddresses(all: readonly Party[], crowd: ReadonlySet<Party>): readonly string[] {
  const addresses = all.filter(({ is }) => is === 'address')
  const some = all.filter(party => crowd.has(party))
  if (!addresses.every(party => crowd.has(party))) return namesOf(some)
  return [exceptFor(outsideTheCluster, namesOf(all.filter(party => !crowd.has(party))))]
}

function namesOf(parties: readonly Party[]): readonly string[] {
  return [...new Set(parties.map(({ name }) => name))].sort(compareText)
}
