import { afterAll, describe, expect, test } from 'vitest'
import { eventually, staysTrue } from './cluster.ts'
import { makeChangingFile } from './config-file.ts'
import { pageFlags, readMetric } from './config-pages.ts'
import { withOperator } from './fixture.ts'
import { workload } from './objects.ts'

const file = makeChangingFile({ isolation: 'audit' })
afterAll(file.clear)
const given = withOperator(['--config', file.path, ...pageFlags])

const names = async (space: string) => (await given.cluster.policies(space)).map(({ metadata }) => metadata.name)
const specText = async (space: string, name: string) =>
  JSON.stringify((await given.cluster.policies(space)).find(({ metadata }) => metadata.name === name)?.spec)
/** What the operator said since, about the file. */
const saidOfFile = (from: number) =>
  given
    .operator()
    .log.slice(from)
    .filter(line => line.file === file.path)
const lines = () => given.operator().log.length
const lastReload = () => readMetric(given.operator(), 'tierwall_configuration_last_reload_successful')

async function makeWeb(annotations: Readonly<Record<string, string>> = {}): Promise<string> {
  const space = await given.makeNamespace()
  await given.cluster.apply(workload(space, 'web', { tier: 'web', ...annotations }))
  return space
}

const settled = ['tierwall-allow-dns', 'tierwall-default-deny', 'tierwall-web']

describe('a configuration file that changes', () => {
  test('is read again, also where a link is turned to another file: what it says of isolation holds at once', async () => {
    const space = await makeWeb()
    await staysTrue(async () => expect(await names(space)).toEqual([]), 1_500)
    file.write({ isolation: 'enforce' })
    await eventually(async () => expect(await names(space)).toEqual(settled))
    file.turnLink({ isolation: 'audit' })
    await eventually(async () => expect(await names(space)).toEqual([]))
    file.turnLink({})
    await eventually(async () => expect(await names(space)).toEqual(settled))
  })

  test('may define a peer that a tier has waited for, and take it away', async () => {
    const space = await makeWeb({ 'allow-from': '@office' })
    const spec = () => specText(space, 'tierwall-web')
    await eventually(async () => expect(await names(space)).toEqual(settled))
    expect(await spec()).not.toContain('198.51.100.0/24')
    file.write({ peers: { office: '198.51.100.0/24' } })
    await eventually(async () => expect(await spec()).toContain('198.51.100.0/24'))
    file.write({})
    await eventually(async () => expect(await spec()).not.toContain('198.51.100.0/24'))
    expect(await names(space)).toEqual(settled)
  })

  test('and is wrong changes nothing, is told with its line and its key, and counts again when it is mended', async () => {
    const space = await makeWeb()
    await eventually(async () => expect(await names(space)).toEqual(settled))
    const before = await given.cluster.policies(space)
    const from = lines()
    file.writeText('clusterRanges: []\nisolatoin: "off"\n')
    await eventually(() => expect(saidOfFile(from)).toHaveLength(1))
    expect(saidOfFile(from)).toMatchObject([
      { level: 'error', msg: expect.stringContaining('the one before stays in force'), wrong: expect.any(String) },
    ])
    expect(saidOfFile(from)[0]?.wrong).toMatch(/config\.yaml:2:\d+: .*isolatoin; write isolation/)
    expect(await lastReload()).toBe(0)
    file.remove()
    await eventually(() => expect(saidOfFile(from).at(-1)?.wrong).toContain('there is no such file'))
    await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 1_000)
    file.write({ isolation: 'audit' })
    await eventually(async () => expect(await names(space)).toEqual([]))
    expect(await lastReload()).toBe(1)
    file.write({})
    await eventually(async () => expect(await names(space)).toEqual(settled))
  })

  test('says of what stands under `operator` that it has to be started again', async () => {
    const from = lines()
    file.write({ operator: { removalDelay: 5 } })
    await eventually(() => expect(saidOfFile(from).map(({ level }) => level)).toEqual(['warn', 'info']))
    expect(saidOfFile(from)[0]?.msg).toContain('when Tierwall is started again')
    file.write({})
    await eventually(() => expect(saidOfFile(from)).toHaveLength(4))
  })
})
