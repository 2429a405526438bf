/** The connections to the API server: watches, the Lease and everything else never wait for one another. */
import { type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici'
import type { Credential } from './credentials.ts'
import type { Target } from './target.ts'
import { makeConnector, readMaterial } from './tls.ts'

export interface Pools {
  /** Each watch holds a connection for minutes, so there is no limit. */
  readonly watches: Dispatcher
  readonly requests: Dispatcher
  readonly lease: Dispatcher
}

/** Two requests of the Lease may overlap: one that hangs and the next try. */
const leaseConnections = 2

/** Times are kept by the callers, with their own clocks. HTTP/2 would put watches and writes on one connection again. */
const options = {
  allowH2: false,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 30_000,
}

export function openPools(target: Target, certificate: Credential['certificate'], connections: number): Pools {
  return {
    watches: openPool(target, certificate, null),
    requests: openPool(target, certificate, connections),
    lease: openPool(target, certificate, leaseConnections),
  }
}

/** Those under way end in peace: a watch does so within ten minutes. */
export function closePools({ watches, requests, lease }: Pools): void {
  for (const pool of [watches, requests, lease]) pool.close().catch(() => {})
}

export async function destroyPools({ watches, requests, lease }: Pools): Promise<void> {
  await Promise.all([watches, requests, lease].map(pool => pool.destroy()))
}

function openPool(target: Target, certificate: Credential['certificate'], connections: number | null): Dispatcher {
  const { server, tls, proxy } = target
  if (proxy === undefined) {
    const connect = makeConnector(() => readMaterial(tls, certificate))
    return new Pool(server.origin, { ...options, connections, connect })
  }
  const requestTls = { ...readMaterial(tls, certificate), allowH2: false }
  if (proxy.startsWith('socks')) return new Socks5ProxyAgent(proxy, { ...options, connections, requestTls })
  return new ProxyAgent({ ...options, connections, uri: proxy, requestTls })
}
