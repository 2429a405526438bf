/** A cluster to ask about: looked at, with its policies as they stand, and what an answer about it leaves unsaid. */
import type { Problem } from '../../api/problem.ts'
import type { Answer } from '../../report/explain/index.ts'
import type { World } from '../../report/world/index.ts'
import { type LiveCluster, type LiveRead, noteRefused, readLive } from './index.ts'
import { type Look, lookAtReading } from './look.ts'
import type { LiveOptions } from './options.ts'
import { isAbout, outstanding } from './planned.ts'
import { worldAsItStands, worldToCome } from './standing.ts'

export interface LookedAt extends Pick<LiveCluster, 'namespace' | 'notes' | 'locate'> {
  readonly look: Look
  readonly world: World
}

export async function readLook(
  options: LiveOptions,
): Promise<LookedAt | Exclude<LiveRead, { readonly live: LiveCluster }>> {
  const read = await readLive(options)
  if (!('live' in read)) return read
  const { reading, configuration, namespace, notes, locate } = read.live
  const look = lookAtReading(reading, configuration)
  const blind = reading.pods ? [] : ['you may not list pods, so the templates of their workloads stand for them']
  const now = worldAsItStands(look)
  const world = { ...now, toCome: worldToCome(look, now).index }
  return { look, world, namespace, locate, notes: [...notes, ...noteRefused(reading), ...blind] }
}

/** What is wrong in the namespaces of its ends, and whether their policies are still to be written. */
export function besideAnswer(
  { question }: Answer,
  look: Look,
): { readonly problems: readonly Problem[]; readonly outstanding: readonly string[] } {
  const ends = [...question.from.ends, ...question.to.ends]
  const namespaces = [...new Set(ends.flatMap(({ ref }) => ref?.namespace ?? []))].sort()
  const errors = look.outlook.problems.filter(({ severity }) => severity === 'error')
  const changes = outstanding(look).changes.filter(({ namespace }) => namespaces.includes(namespace))
  return {
    problems: errors.filter(problem => namespaces.some(namespace => isAbout(problem, namespace))),
    outstanding: changes.length > 0 ? [writeOutstanding(changes.length)] : [],
  }
}

function writeOutstanding(count: number): string {
  const changes = count === 1 ? '1 change is' : `${count} changes are`
  return `the policies are not yet as Tierwall would have them: ${changes} outstanding, see tierwall plan`
}
