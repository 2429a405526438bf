/**
 * Lines that are logged in one turn of the event loop, written together at its end: a burst of decisions costs few writes.
 * Nothing is held beyond the turn, and what ends the process is told after them.
 */
import type { DestinationStream } from 'pino'

export function gatherLines(stream: DestinationStream): DestinationStream {
  let lines = ''
  const flush = () => {
    if (lines === '') return
    const gathered = lines
    lines = ''
    stream.write(gathered)
  }
  process.on('exit', flush)
  // Node tells what it was before it calls whoever waits for the end.
  process.on('uncaughtExceptionMonitor', flush)
  return {
    write(line) {
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}
