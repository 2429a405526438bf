import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
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

test('nobody waits for a slow reader, and no line is lost to it', async () => {
  const lines = 20_000
  const program = `
    import { createLog } from '${join(import.meta.dirname, '../../src/cluster/log.ts')}'
    const log = createLog('info')
    for (let line = 1; line <= ${lines}; line++) log.info({ line }, 'more than a pipe holds')
    process.stdout.write('all said')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
  child.stderr.pause()
  const [said] = await once(child.stdout, 'data')
  expect(String(said)).toBe('all said')
  expect(child.exitCode).toBeNull()
  const read = (await text(child.stderr)).trimEnd().split('\n')
  expect(read).toHaveLength(lines)
  expect(read.at(-1)).toContain(`"line":${lines},`)
})
