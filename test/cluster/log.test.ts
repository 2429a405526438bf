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

const source = join(import.meta.dirname, '../../src/cluster/log.ts')

/** A process of its own, whose log goes to its stderr. */
function logElsewhere(words: string) {
  const program = `import { createLog } from '${source}'\nconst log = createLog('info')\n${words}`
  return spawn(process.execPath, ['--input-type=module', '--eval', program])
}

test('nobody waits for a slow reader, and no line is lost to it', async () => {
  const lines = 20_000
  const child = logElsewhere(`
    for (let line = 1; line <= ${lines}; line++) log.info({ line }, 'more than a pipe holds')
    process.stdout.write('all said')`)
  child.stderr.pause()
  const [said] = await once(child.stdout, 'data')
  expect(String(said)).toBe('all said')
  expect(child.exitCode).toBeNull()
  const read = (await text(child.stderr)).trimEnd().split('\n')
  expect(read).toHaveLength(lines)
  expect(read.at(-1)).toContain(`"line":${lines},`)
})

test.each(['process.exit(1)', 'throw new Error("a mistake")'])('what was logged before %s is read', async end => {
  expect(await text(logElsewhere(`log.warn({}, 'the last words')\n${end}`).stderr)).toContain('the last words')
})

test('an end that nobody reads is an end like any other', async () => {
  const child = logElsewhere(`
    process.once('exit', () => process.stdout.write('in order'))
    setTimeout(() => {
      log.info({}, 'the last words')
      process.exit()
    }, 200)`)
  child.stderr.destroy()
  expect(await text(child.stdout)).toBe('in order')
})

test('a line is read within a moment, also where no other follows', async () => {
  const child = logElsewhere(`
    for (const wait of [0, 100, 101, 102, 103, 130]) setTimeout(() => log.info({ wait }, 'a line'), wait)
    setTimeout(() => {}, 60_000)`)
  let read = ''
  for await (const chunk of child.stderr) {
    read += chunk
    if (read.includes('"wait":130')) break
  }
  expect(read.trimEnd().split('\n')).toHaveLength(6)
  child.kill()
})
