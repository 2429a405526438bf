/** Talks to an API server: JSON and failures as values. What it knows is Kubernetes; it knows no tier. */
export * from './apply.ts'
export type { Backoff } from './backoff.ts'
export {
  type Attempt,
  type Connection,
  type ConnectOptions,
  connect,
  type Reply,
  type Request,
  type Send,
} from './connect/index.ts'
export {
  createRecorder,
  type EventNews,
  events,
  type Recorder,
  type RecorderOptions,
  type Regarding,
} from './events/index.ts'
export { describeFailure, type Failure, isStatus, messageOf } from './failure.ts'
export { type Clock, type Given, type Log, type Random, sleep, systemClock } from './given.ts'
export { type Elector, type ElectorOptions, leases, makeIdentity, startElector } from './lease/index.ts'
export { type ListReply, type ListRequest, listPages } from './list.ts'
export { createLog, type LogLevel } from './log.ts'
export { oneObject } from './one-object.ts'
export { createQueue, type Figures, type Outcome, type Queue, type QueueOptions } from './queue.ts'
export {
  type Change,
  type Project,
  type Reflector,
  type ReflectorOptions,
  readMeta,
  type Store,
  startReflector,
} from './reflector/index.ts'
export { type Place, pathOf, type Resource } from './resource.ts'
