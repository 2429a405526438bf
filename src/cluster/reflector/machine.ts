/** The states of one list-and-watch, and what leads from one to the next. An error is a state, never the end. */
import { isRecord } from '../../api/record.ts'
import { type Failure, isStatus } from '../failure.ts'

export type State =
  /** Nothing is under way; a list is next. */
  | { readonly name: 'empty' }
  /** The initial list arrives as events of a watch (WatchList). */
  | { readonly name: 'streaming' }
  /** The initial list arrives in pages, or whole where pages kept expiring under our hands. */
  | { readonly name: 'paging' }
  /** The list is complete; a watch from here is next. */
  | { readonly name: 'listed'; readonly resourceVersion: string }
  | { readonly name: 'watching'; readonly resourceVersion: string }
  | { readonly name: 'backing-off'; readonly failure: Failure; readonly afterwards: Next }
  | { readonly name: 'forbidden'; readonly failure: Failure; readonly afterwards: Next }
  /** The server has no such resource, as long as its CRD is not installed. */
  | { readonly name: 'not-served'; readonly failure: Failure; readonly afterwards: Next }
  | { readonly name: 'stopped' }

export type Next = Extract<State, { readonly name: 'empty' | 'listed' }>

export interface Situation {
  readonly state: State
  /** In a row, since a watch last brought something. */
  readonly failures: number
  /** Whether the server streams lists; `not-now` after a stream that ended before the list did. */
  readonly streaming: 'yes' | 'not-now' | 'no'
  readonly pages: 'limited' | 'whole'
}

export type Happening =
  | { readonly is: 'started' }
  | { readonly is: 'listed'; readonly resourceVersion: string }
  | { readonly is: 'opened' }
  /** A watch brought an event or a bookmark. */
  | { readonly is: 'progressed'; readonly resourceVersion: string }
  /** The server ended the stream in good order, after `lasted` milliseconds. */
  | { readonly is: 'closed'; readonly lasted: number }
  | { readonly is: 'failed'; readonly failure: Failure }
  | { readonly is: 'waited' }
  /** Somebody wants a list that is newer than this moment. */
  | { readonly is: 'asked-to-list' }
  | { readonly is: 'stopped' }

export const start: Situation = { state: { name: 'empty' }, failures: 0, streaming: 'yes', pages: 'limited' }

/** A server that closes each watch at once must not be asked again at once. */
const shortest = 1_000
/** A watch that lasted this long worked, even where nothing happened. */
const longEnough = 10_000

export function next(situation: Situation, happening: Happening): Situation {
  const { state, streaming } = situation
  if (state.name === 'stopped') return situation
  switch (happening.is) {
    case 'stopped':
      return { ...situation, state: { name: 'stopped' } }
    case 'asked-to-list':
      return { ...situation, state: { name: 'empty' } }
    case 'started':
      return { ...situation, state: { name: streaming === 'yes' ? 'streaming' : 'paging' } }
    case 'listed':
      return afterList(situation, happening.resourceVersion)
    case 'opened':
      return state.name === 'listed' ? { ...situation, state: { ...state, name: 'watching' } } : situation
    case 'progressed':
      return { ...situation, failures: 0, state: { name: 'watching', resourceVersion: happening.resourceVersion } }
    case 'closed':
      return afterClose(situation, happening.lasted)
    case 'failed':
      return afterFailure(situation, happening.failure)
    case 'waited':
      return 'afterwards' in state ? { ...situation, state: state.afterwards } : situation
  }
}

/** The stream of a streamed list goes on as the watch; after pages a watch has to be opened. */
function afterList(situation: Situation, resourceVersion: string): Situation {
  const { state, streaming } = situation
  return {
    ...situation,
    state: { name: state.name === 'streaming' ? 'watching' : 'listed', resourceVersion },
    streaming: streaming === 'not-now' ? 'yes' : streaming,
    pages: 'limited',
  }
}

function afterClose(situation: Situation, lasted: number): Situation {
  const { state, failures } = situation
  const afterwards = resume(state)
  if (state.name === 'watching' && lasted >= shortest)
    return { ...situation, state: afterwards, failures: lasted >= longEnough ? 0 : failures }
  const failure: Failure = { kind: 'network', message: `the server ended the stream while ${state.name}`, code: '' }
  return backOff(situation, failure, afterwards, state.name === 'streaming' ? 'not-now' : situation.streaming)
}

function afterFailure(situation: Situation, failure: Failure): Situation {
  const { state, failures, streaming } = situation
  const relist: Next = { name: 'empty' }
  switch (judge(failure, state)) {
    case 'no-streaming':
      return { ...situation, state: relist, streaming: 'no' }
    case 'not-served':
      return { ...situation, state: { name: 'not-served', failure, afterwards: relist }, failures: 0 }
    case 'forbidden':
      return { ...situation, state: { name: 'forbidden', failure, afterwards: resume(state) }, failures: failures + 1 }
    case 'gone': {
      // Pages that expire again and again are outrun by nothing but one big page.
      const pages = state.name === 'paging' && failures > 0 ? 'whole' : situation.pages
      return { ...backOff(situation, failure, relist, streaming), pages }
    }
    case 'cut-short':
      return backOff(situation, failure, relist, 'not-now')
    case 'trouble':
      return backOff(situation, failure, resume(state), streaming)
  }
}

type Verdict = 'no-streaming' | 'not-served' | 'forbidden' | 'gone' | 'cut-short' | 'trouble'

function judge(failure: Failure, { name }: State): Verdict {
  if (isStatus(failure, 404)) return 'not-served'
  if (isStatus(failure, 403)) return 'forbidden'
  if (isStatus(failure, 410) || isTooNew(failure)) return 'gone'
  if (name !== 'streaming') return 'trouble'
  // A stream that went silent before its list was complete: some proxies and aggregated servers know no WatchList.
  if (failure.kind === 'timeout') return 'cut-short'
  return failure.kind === 'status' && [400, 405, 406, 415, 422, 501].includes(failure.code) ? 'no-streaming' : 'trouble'
}

/** After etcd was restored from a backup the server has not yet got as far as we have. */
function isTooNew(failure: Failure): boolean {
  if (failure.kind !== 'status' || !isRecord(failure.details)) return false
  const { causes } = failure.details
  return Array.isArray(causes) && causes.some(cause => isRecord(cause) && cause.reason === 'ResourceVersionTooLarge')
}

function backOff(
  situation: Situation,
  failure: Failure,
  afterwards: Next,
  streaming: Situation['streaming'],
): Situation {
  const state: State = { name: 'backing-off', failure, afterwards }
  return { ...situation, state, failures: situation.failures + 1, streaming }
}

/** A watch goes on where it was; a list starts over. */
function resume(state: State): Next {
  return state.name === 'watching' || state.name === 'listed'
    ? { name: 'listed', resourceVersion: state.resourceVersion }
    : { name: 'empty' }
}
