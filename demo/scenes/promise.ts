/** What a scene promises, held against the API server: which policies stand in the shop, and who can reach whom. */
import { allWays, doors, listPolicies, places, type Reach, readReach, writeWay } from '../reach.ts'
import type { Stage } from '../stage.ts'
import { expectSoon } from '../wait.ts'

export interface Promised {
  readonly policies: readonly string[]
  readonly reach: Reach
}

const shared = ['tierwall-allow-dns', 'tierwall-default-deny']
const alwaysOpen = ['stranger -> web:80', 'stranger -> outside:443', 'outside -> web:80']

export const unprotected: Promised = { policies: [], reach: allWays }
export const threeTiers: Promised = {
  policies: [...shared, 'tierwall-api', 'tierwall-db.statefulset', 'tierwall-web'],
  reach: new Set([...alwaysOpen, 'web -> api:5000', 'api -> db:3306']),
}
export const withoutApi: Promised = {
  policies: [...shared, 'tierwall-db.statefulset', 'tierwall-web'],
  reach: new Set(alwaysOpen),
}
export const apiByObject: Promised = {
  policies: [...shared, 'tierwall-api.apptier', 'tierwall-db.statefulset', 'tierwall-web'],
  reach: threeTiers.reach,
}

/** Further changes would come faster than this. */
const quiet = 300

export async function expectPromise({ plane, follower, patience }: Stage, promised: Promised): Promise<void> {
  await expectSoon(async () => {
    const live = (await listPolicies(plane)).filter(({ metadata }) => metadata.namespace === 'shop')
    const names = live.map(({ metadata }) => metadata.name)
    if (!isSame(new Set(names), new Set(promised.policies)))
      return `the policies of shop are still ${names.join(', ') || 'none'}`
    const reach = await readReach(plane)
    if (!reach) return 'there is still a workload without a pod'
    const wrong = ways.find(way => reach.has(way) !== promised.reach.has(way))
    if (wrong !== undefined) return `${wrong} is still ${reach.has(wrong) ? 'open' : 'shut'}`
    return follower.hasShown(live) && follower.quietFor() > quiet ? undefined : 'the policies of shop still change'
  }, patience)
}

const ways = places.flatMap(from => doors.map(door => writeWay(from, door)))

function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.symmetricDifference(others).size === 0
}
