import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../../src/cluster/log.ts'

function collect() {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { lines, destination }
}

test('a line of the log is JSON with a level in words, and says nothing below its level', () => {
  const { lines, destination } = collect()
  const log = createLog('info', 'json', destination)
  log.debug({}, 'too much')
  log.warn({ key: 'shop' }, 'a watch keeps failing')
  expect(lines).toMatchObject([{ level: 'warn', key: 'shop', msg: 'a watch keeps failing' }])
})

test('a credential that was handed to the log by mistake is not in it', () => {
  const { lines, destination } = collect()
  const log = createLog('info', 'json', destination)
  log.info(
    { token: 'c2VjcmV0', user: { password: 'c2VjcmV0' }, request: { headers: { authorization: 'c2VjcmV0' } } },
    'oops',
  )
  expect(JSON.stringify(lines)).not.toContain('c2VjcmV0')
})
