/** Two ways to the API server for the tests of a file: straight, and through a proxy that fails in the way it is told to. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Connection, connectTo } from '../../src/cluster/connect/index.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { given, type TestLog } from './given.ts'
import { plane, targetAt } from './plane.ts'

export let direct: Connection
/** Each test has its own. */
export let proxy: FaultProxy
/** Through the proxy. */
export let connection: Connection
/** What that connection says. */
export let log: TestLog

/** Called before a file adds hooks of its own: what those close after a test is then closed before the connection. */
export function openConnections(): void {
  beforeAll(async () => {
    direct = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
  })
  afterAll(async () => {
    await direct.close()
  })
  beforeEach(async () => {
    proxy = await startFaultProxy(plane)
    const base = given()
    log = base.log
    connection = connectTo(targetAt(proxy.url), { ...base, userAgent: 'tierwall/test' })
  })
  afterEach(async () => {
    await connection.close()
    await proxy.stop()
  })
}
