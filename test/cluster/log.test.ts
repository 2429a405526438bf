import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gatherLines } from '../../src/cluster/gather-lines.ts'
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

test('lines of one turn are one write, and none waits beyond it', async () => {
  const writes: string[] = []
  const gathered = gatherLines({ write: text => writes.push(text) })
  for (const line of ['a\n', 'b\n', 'c\n']) gathered.write(line)
  expect(writes).toEqual([])
  await nextTurn()
  gathered.write('d\n')
  await nextTurn()
  expect(writes).toEqual(['a\nb\nc\n', 'd\n'])
})

test.each([
  ['leaves', 'process.exit(3)', /the last words"\}\n$/],
  ['throws', 'throw new Error("the reason")', /the last words"\}\n[\s\S]*the reason/],
])('a process that %s in the same turn has said all it logged, and its end comes after it', (_, end, order) => {
  const log = join(import.meta.dirname, '..', '..', 'src', 'cluster', 'log.ts')
  const program = `import { createLog } from ${JSON.stringify(log)}
    createLog('info').info({}, 'the last words'); ${end}`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stderr).toMatch(order)
})
