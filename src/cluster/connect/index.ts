/** A connection to one API server: requests and watches in, JSON or a failure as a value out. */
import type { Failure } from '../failure.ts'
import type { Connection, ConnectOptions } from './connection.ts'
import { Line } from './line.ts'
import { findTarget, type Target, type TargetOptions } from './target.ts'

export type * from './connection.ts'

export async function connect(
  options: ConnectOptions,
): Promise<{ ok: true; connection: Connection } | { ok: false; failure: Failure }> {
  const found = await findTarget(options)
  return found.ok ? { ok: true, connection: connectTo(found.target, options) } : found
}

export function connectTo(target: Target, options: Omit<ConnectOptions, keyof TargetOptions>): Connection {
  const line = new Line(target, options)
  return {
    server: target.server.href,
    namespace: target.namespace,
    request: request => line.request(request, ({ requests }) => requests),
    requestForLease: request => line.request(request, ({ lease }) => lease),
    watch: request => line.watch(request),
    close: () => line.close(),
  }
}
