import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runToEnd } from '../../scripts/machine/run-to-end.ts'

const file = join(import.meta.dirname, '..', '..', 'scripts', 'machine', 'run-to-end.ts')

test('a command ends with its own exit code', async () => {
  const words = ['sh', '-c', 'exit 7'] as const
  expect(await runToEnd({ words, cwd: '/', env: process.env, onSignal: 'SIGTERM' })).toBe(7)
})

test('a command that is not there is a failure', async () => {
  const words = ['tierwall-no-such-program'] as const
  await expect(runToEnd({ words, cwd: '/', env: process.env, onSignal: 'SIGTERM' })).rejects.toThrow('ENOENT')
})

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  'whoever is told to stop by %s stops the command, and ends as one does by that signal',
  async (name, code) => {
    const untilTold = 'trap "echo told; exit" TERM; echo started; for i in $(seq 100); do sleep 0.1; done'
    const command = { words: ['sh', '-c', untilTold], cwd: '/', onSignal: 'SIGTERM' }
    const script = `
    import { runToEnd } from ${JSON.stringify(file)}
    process.exitCode = await runToEnd({ ...${JSON.stringify(command)}, env: process.env })`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', text => {
      said += text
    })
    await once(child.stdout, 'data')
    child.kill(name)
    expect(await once(child, 'close')).toEqual([code, null])
    expect(said).toBe('started\ntold\n')
  },
)
