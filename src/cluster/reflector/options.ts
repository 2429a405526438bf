/** What a reflector is given. */
import type { Backoff } from '../backoff.ts'
import type { Connection } from '../connect/index.ts'
import type { Given } from '../given.ts'
import type { Resource } from '../resource.ts'
import type { Project } from './read.ts'

export interface ReflectorOptions<T> extends Given {
  readonly connection: Pick<Connection, 'request' | 'watch'>
  readonly resource: Resource
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
  readonly project: Project<T>
  readonly timing?: Partial<Timing>
}

export interface Timing {
  readonly backoff: Backoff
  /** How often a resource that is not served is looked for. */
  readonly recheck: number
  /** Seconds after which the server is asked to end a watch: from here to twice as long. */
  readonly watchSeconds: number
  /** Beyond that, how long silence may last. */
  readonly grace: number
  /** Of a server that sends bookmarks, which it does every minute. */
  readonly silence: number
  readonly pageSize: number
}
