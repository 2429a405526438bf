/** A cluster as the commands see it that only look: opened, read once with the configuration that counts there, and closed. */
import type { Configuration } from '../../api/configuration.ts'
import type { Problem } from '../../api/problem.ts'
import type { Connection } from '../../cluster/index.ts'
import type { Locate } from '../../report/problems/index.ts'
import type { Trouble } from '../../report/world/name.ts'
import { openCluster } from '../cluster.ts'
import { explainFailure } from '../cluster-trouble.ts'
import { readLiveConfiguration } from './configuration.ts'
import type { LiveOptions } from './options.ts'
import { type Reading, readCluster } from './read.ts'

export interface LiveCluster {
  readonly reading: Reading
  readonly configuration: Configuration
  /** The one that is meant; nothing for all of them. */
  readonly namespace: string | undefined
  /** What a person should know before believing what comes of it. */
  readonly notes: readonly string[]
  /** Of the configuration's fields, where it is a file. */
  readonly locate: Locate
}

export type LiveRead =
  | { readonly live: LiveCluster }
  | { readonly trouble: Trouble }
  | { readonly problems: readonly Problem[]; readonly locate: Locate }

export async function readLive(options: LiveOptions): Promise<LiveRead> {
  const opened = await openCluster(options)
  if ('trouble' in opened) return opened
  try {
    return await readOpened(opened.connection, opened.namespace, options)
  } finally {
    await opened.connection.close()
  }
}

async function readOpened(
  { request: send, server }: Connection,
  namespace: string | undefined,
  options: LiveOptions,
): Promise<LiveRead> {
  const configured = await readLiveConfiguration(send, options)
  if ('trouble' in configured) return configured
  const { configuration, problems, locate, notes } = configured
  if (problems.length > 0) return { problems, locate }
  const scope = configuration.operator.namespaces
  const read = await readCluster({ send, configuration, scope })
  if ('failure' in read) return { trouble: explainFailure(read.failure, { options, server }) }
  const { reading } = read
  const only = options.namespace
  if (scope.length > 0 || only === undefined || !reading.refused.includes('deployments'))
    return { live: { reading, configuration, namespace, notes, locate } }
  const narrow = await readCluster({ send, configuration, scope: [only] })
  if ('failure' in narrow) return { trouble: explainFailure(narrow.failure, { options, server }) }
  const note = `you may look at namespace ${only} alone, so tiers of other namespaces are not known here`
  return { live: { reading: narrow.reading, configuration, namespace, notes: [...notes, note], locate } }
}

export function noteRefused({ refused }: Reading): readonly string[] {
  return refused.length === 0 ? [] : [`you may not list ${refused.join(', ')}, so these count as not there`]
}
