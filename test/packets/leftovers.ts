/** Looks, once all packet tests are over, whether their clusters have taken away what they started and mounted. */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const patience = 300

export default async function setup(): Promise<() => Promise<void>> {
  const before = await look()
  return async () => {
    const findMore = async () => [...(await look())].filter(thing => !before.has(thing))
    // The worker may still be at it.
    for (let tries = 0; tries < patience && (await findMore()).length > 0; tries++) await sleep(100)
    const more = await findMore()
    if (more.length === 0) return
    console.error(`the packet tests have left behind:\n${more.join('\n')}`)
    process.exitCode = 1
  }
}

/** Processes by name, and without those of the test runner. */
async function look(): Promise<ReadonlySet<string>> {
  const [spaces, mounts, interfaces, processes] = await Promise.all([
    readdir('/run/netns'),
    readFile('/proc/self/mounts', 'utf8'),
    readFile('/proc/self/net/dev', 'utf8'),
    readdir('/proc'),
  ])
  const commands = await Promise.all(
    processes.filter(name => /^\d+$/.test(name)).map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return new Set([
    ...spaces.map(name => `network namespace ${name}`),
    ...mounts
      .trim()
      .split('\n')
      .map(line => `mount ${line}`),
    ...[...interfaces.matchAll(/^\s*(\S+):/gm)].map(([, name]) => `interface ${name}`),
    ...commands
      .map(command => command.replaceAll('\0', ' ').trim())
      .filter(command => command !== '' && !command.includes('vitest'))
      .map(command => `process ${command}`),
  ])
}
