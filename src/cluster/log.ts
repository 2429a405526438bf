/** The log that the operator gives to everything else: JSON lines on stderr, since results belong to stdout. */
import { type DestinationStream, pino } from 'pino'
import type { Log } from './given.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** A second line of defence: nothing here hands these to the log in the first place. */
const secrets = ['authorization', 'token', 'password', 'keyData', 'clientKeyData', 'headers'].flatMap(name => [
  name,
  `*.${name}`,
])

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = { level, base: null, redact: secrets, formatters: { level: (label: string) => ({ level: label }) } }
  return pino(options, destination ?? pino.destination({ dest: 2, sync: true }))
}
