/** Archives of commits over HTTP on loopback, as source-controller serves them to the rest of Flux. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Commit } from './repository.ts'

export interface Archives {
  /** Where it can be had from then on. */
  readonly publish: (commit: Commit) => string
  readonly close: () => Promise<void>
}

export async function serveArchives(): Promise<Archives> {
  const archives = new Map<string, Buffer>()
  const server = createServer(({ url = '' }, response) => {
    const archive = archives.get(url)
    response.statusCode = archive ? 200 : 404
    response.end(archive)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    publish({ digest, archive }) {
      const path = `/${digest.replace(':', '-')}.tar.gz`
      archives.set(path, archive)
      return `http://127.0.0.1:${address.port}${path}`
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
