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
  let attended = false
  const attend = () => {
    attended = true
    process.on('exit', flush)
    // Before Node itself tells of the error.
    process.on('uncaughtExceptionMonitor', flush)
  }
  return {
    write(line) {
      if (!attended) attend()
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}
