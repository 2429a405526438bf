/** A process that takes part in an election and says on stdout what becomes of it. Its test stops and wakes it. */
import { connectTo } from '../../src/cluster/connect/index.ts'
import { systemClock } from '../../src/cluster/given.ts'
import { makeIdentity, startElector } from '../../src/cluster/lease/index.ts'
import { makeTarget } from './target.ts'

const { server, ca, token, name, timing } = JSON.parse(process.env.ELECTION ?? '{}')
const quiet = () => {}
const given = { clock: systemClock, random: Math.random, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } }
const target = makeTarget({ url: server, ca, token })
const connection = connectTo(target, { ...given, userAgent: 'tierwall/test' })
const elector = startElector({
  ...given,
  send: connection.requestForLease,
  namespace: 'default',
  name,
  identity: makeIdentity('frozen', String(process.pid)),
  timing,
  onWon: () => say('won'),
  onLost: because => say(`lost: ${because}`),
})

/** What code sees that gets its turn right after the process woke. */
let last = performance.now()
function look(): void {
  const now = performance.now()
  if (now - last > 1_000) say(`woke: ${elector.isLeader() ? 'may write' : 'may not write'}`)
  last = performance.now()
  setImmediate(look)
}
look()

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
