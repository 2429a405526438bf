/** The log that the operator gives to everything else, on stderr, since results belong to stdout: JSON, or lines for people. */
import { type DestinationStream, pino } from 'pino'
import { gatherLines } from './gather-lines.ts'
import type { Log } from './given.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFormat = 'auto' | 'json' | 'text'

/** A second line of defence: nothing here hands these to the log in the first place. */
const secrets = ['authorization', 'token', 'password', 'keyData', 'clientKeyData', 'headers'].flatMap(name => [
  name,
  `*.${name}`,
])

export function createLog(level: LogLevel, format: LogFormat = 'json', destination?: DestinationStream): Log {
  const options = { level, base: null, redact: secrets, formatters: { level: (label: string) => ({ level: label }) } }
  const stream = destination ?? gatherLines(pino.destination({ dest: 2, sync: true }))
  const isText = format === 'text' || (format === 'auto' && process.stderr.isTTY === true)
  return pino(options, isText ? asText(stream) : stream)
}

/** `14:02:11 warn  what happened  namespace=shop policy=tierwall-web` */
function asText(stream: DestinationStream): DestinationStream {
  return {
    write(line) {
      const { level, time, msg, ...fields }: Record<string, unknown> = JSON.parse(line)
      const clock = new Date(Number(time)).toTimeString().slice(0, 8)
      const rest = Object.entries(fields).map(([key, value]) => `${key}=${writeValue(value)}`)
      stream.write(`${[clock, String(level).padEnd(5), msg, ...rest].join(' ')}\n`)
    },
  }
}

function writeValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}
