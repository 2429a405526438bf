/** The node itself as a party: this process runs on it, so that it tries and answers from here. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Probe } from '../../properties/oracle.ts'
import type { Host } from '../fixture/index.ts'
import { nodeAddress } from '../fixture/network.ts'
import { attempt } from '../fixture/program/attempt.ts'
import type { Party } from '../flows/party.ts'

export interface Node {
  readonly party: Party
  readonly stop: () => void
}

export async function startNode(probes: readonly Probe[]): Promise<Node> {
  const closers = await Promise.all(probes.map(listen))
  const refuse = () => {
    throw new Error('the node only tries')
  }
  const host: Host = {
    name: nodeAddress,
    address: nodeAddress,
    attempt: async attempts => (await Promise.all(attempts.map(one => attempt(one)))).map(({ verdict }) => verdict),
    exec: refuse,
    stream: refuse,
  }
  return {
    party: { name: nodeAddress, end: { ip: nodeAddress }, host, isNode: true },
    stop: () => {
      for (const close of closers) close()
    },
  }
}

async function listen({ port, protocol }: Probe): Promise<() => void> {
  if (protocol === 'UDP') {
    const socket = createSocket('udp4')
    socket.on('message', (_, peer) => socket.send('here\n', peer.port, peer.address))
    socket.bind(port, nodeAddress)
    await once(socket, 'listening')
    return () => socket.close()
  }
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.end('here\n')
  })
  server.listen(port, nodeAddress)
  await once(server, 'listening')
  return () => server.close()
}
