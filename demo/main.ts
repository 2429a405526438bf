/** `make demo`: Tierwall on a real API server, until Ctrl-C; with DEMO_ONCE=1 it ends by itself. */
import { leaveQuietlyOnClosedPipes, paintFor, print, tell, tellBug } from '../src/cli/terminal.ts'
import { runDemo } from './run.ts'

leaveQuietlyOnClosedPipes()
process.on('uncaughtException', error => {
  tellBug(error)
  process.exit(1)
})

const person = new AbortController()
// More than once: npm passes on what the terminal has sent already.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => person.abort())

const ending = await runDemo({
  print,
  paint: paintFor(process.stdout),
  signal: person.signal,
  once: process.env.DEMO_ONCE === '1',
})
switch (ending.is) {
  case 'over':
    print('\nThe processes and files of the demo are gone.\n')
    break
  case 'stopped':
    tell('\nStopped. The processes and files of the demo are gone.\n')
    break
  case 'failed':
    tell(`\n${paintFor(process.stderr)('bad', 'error:')} ${ending.because}\n`)
    break
}
process.exit({ over: 0, stopped: 130, failed: 1 }[ending.is])
