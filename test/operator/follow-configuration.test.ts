import { expect, test } from 'vitest'
import { type Configuration, defaultConfiguration } from '../../src/api/configuration.ts'
import { followConfiguration } from '../../src/cli/run/follow-configuration.ts'
import { TestLog } from '../cluster/given.ts'
import { eventually, staysTrue } from './cluster.ts'
import { makeChangingFile } from './config-file.ts'

/** The file says this when it is followed, after the process was started with the default. */
function follow(said: unknown) {
  const file = makeChangingFile(said)
  const told: Configuration[] = []
  const onChange = (next: Configuration) => told.push(next)
  const log = new TestLog()
  const stop = followConfiguration({ config: file.path }, { configuration: defaultConfiguration, log, onChange })
  return {
    told,
    log,
    end: () => {
      stop()
      file.clear()
    },
  }
}

test('a configuration file that changed while the operator was starting is read again', async () => {
  const { told, end } = follow({ isolation: 'audit' })
  await eventually(() => expect(told.map(({ isolation }) => isolation)).toEqual(['audit']))
  end()
})

test('one that did not is not spoken of', async () => {
  const { told, log, end } = follow({})
  await staysTrue(() => expect({ told, lines: log.lines }).toEqual({ told: [], lines: [] }), 1_500)
  end()
})
