/** Ports of this machine's loopback address. */
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Free a moment ago: another process may take it first, so whoever uses it tries again. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}
