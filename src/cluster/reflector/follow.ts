/** Reads one watch to its end, and finds out by its silence when it is dead. */
import type { Connection, Query } from '../connect/index.ts'
import type { Failure } from '../failure.ts'
import type { Clock } from '../given.ts'
import { readEvent, type WatchEvent } from './read.ts'

export interface FollowRequest {
  readonly watch: Connection['watch']
  readonly clock: Clock
  readonly path: string
  readonly query: Query
  /** After this many seconds the server is to end the watch. */
  readonly seconds: number
  /** Beyond that, how long silence may last. */
  readonly grace: number
  /** How long it may last once the server has shown that it sends bookmarks. */
  readonly silence: number
  readonly signal: AbortSignal
  readonly onOpen: () => void
  readonly onEvent: (event: WatchEvent) => void
}

export type Followed =
  | { readonly is: 'closed'; readonly lasted: number }
  | { readonly is: 'failed'; readonly failure: Failure }

export async function follow(request: FollowRequest): Promise<Followed> {
  const { watch, clock, path, query, seconds, grace, silence, signal, onOpen, onEvent } = request
  const stream = new AbortController()
  const end = () => stream.abort()
  signal.addEventListener('abort', end)
  let found: Failure | undefined
  const finish = (failure: Failure) => {
    found ??= failure
    stream.abort()
  }
  const ears = listenForSilence(clock, seconds * 1_000 + grace, finish)
  const opened = clock.monotonic()
  const onLine = (line: unknown) => {
    // Lines of the same chunk still come after the end.
    if (found !== undefined || signal.aborted) return
    ears.hear()
    const event = readEvent(line)
    if (event.is === 'bookmark' && !event.endsList) ears.expect(silence)
    if (event.is === 'error') finish(event.failure)
    else onEvent(event)
  }
  const asked = { ...query, watch: true, allowWatchBookmarks: true, timeoutSeconds: seconds }
  const failure = await watch({ path, query: asked, signal: stream.signal, onOpen, onLine })
  ears.stop()
  signal.removeEventListener('abort', end)
  const ended = found ?? failure
  return ended === undefined ? { is: 'closed', lasted: clock.monotonic() - opened } : { is: 'failed', failure: ended }
}

/** One timer that is set again when it runs out, rather than one for each line. */
function listenForSilence(clock: Clock, longest: number, onSilence: (failure: Failure) => void) {
  let heard = clock.monotonic()
  let most = longest
  const check = () => {
    const left = heard + most - clock.monotonic()
    if (left > 0) cancel = clock.after(left, check)
    else onSilence({ kind: 'timeout', message: `nothing was heard for ${Math.round(most / 1_000)} s` })
  }
  let cancel = clock.after(most, check)
  return {
    hear: () => {
      heard = clock.monotonic()
    },
    expect: (ms: number) => {
      if (ms >= most) return
      most = ms
      cancel()
      cancel = clock.after(most, check)
    },
    stop: () => cancel(),
  }
}
