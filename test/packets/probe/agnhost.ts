/**
 * Stands in for the program `agnhost` of Kubernetes' tests, with the two words that a probe says to it:
 *   serve-hostname --port=PORT            says its host's name over HTTP until it is ended
 *   connect --timeout=2s ADDRESS:PORT     ends with 0 where it got a TCP connection, else with 1 and why
 */
import { createServer } from 'node:http'
import { connect as connectTo } from 'node:net'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'

const [word, ...rest] = process.argv.slice(2)
const { values, positionals } = parseArgs({
  args: rest,
  options: { port: { type: 'string' }, timeout: { type: 'string' } },
  allowPositionals: true,
})

if (word === 'serve-hostname') createServer((_, reply) => reply.end(hostname())).listen(Number(values.port))
else if (word === 'connect') connect(new URL(`tcp://${positionals[0]}`), Number.parseFloat(values.timeout ?? ''))
else end(2, `unknown command ${word}`)

function connect({ hostname: host, port }: URL, seconds: number): void {
  const socket = connectTo({ host, port: Number(port), timeout: seconds * 1_000 })
  socket.on('connect', () => process.exit(0))
  socket.on('timeout', () => end(1, 'TIMEOUT'))
  socket.on('error', error => end(1, 'code' in error && error.code === 'ECONNREFUSED' ? 'REFUSED' : `OTHER: ${error}`))
}

function end(code: number, message: string): never {
  console.error(message)
  process.exit(code)
}
