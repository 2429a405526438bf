import { describe, expect, test } from 'vitest'
import { inFolder } from '../cli/run.ts'

const files = { kubeconfig: 'not read before everything else is right' }
const words = ['run', '--kubeconfig', 'kubeconfig']

describe('`tierwall run` does not start, and says which key is wrong,', () => {
  test.for([
    [['--isolaton', 'audit'], "unknown option '--isolaton'", '--isolation'],
    [['--removal-delay', 'soon'], 'removalDelay:', 'expected number'],
    [['--health', 'here'], 'health:', 'HOST:PORT'],
    [['--lease-duration', '5'], 'lease:', 'retryPeriod < renewDeadline < duration'],
    [['--namespaces', 'shop,Data!'], 'namespaces.1:', 'RFC 1123'],
  ] as const)('for the flags %j', async ([flags, key, hint]) => {
    await expectRefused(flags, {}, {}, [key, hint])
  })

  test.for([
    [{ TIERWALL_ISOLATON: 'audit' }, 'TIERWALL_ISOLATON', 'did you mean TIERWALL_ISOLATION?'],
    [{ TIERWALL_ISOLATION: 'audti' }, 'TIERWALL_ISOLATION', 'enforce, audit, off'],
    [{ TIERWALL_REMOVAL_DELAY: 'soon' }, 'removalDelay:', 'expected number'],
    [{ TIERWALL_ADOPT: 'maybe' }, 'adopt:', 'expected boolean'],
  ] as const)('for the environment %j', async ([env, key, hint]) => {
    await expectRefused([], env, {}, [key, hint])
  })

  test.for([
    ['isolatoin: audit', '1:12', 'unknown field isolatoin; write isolation'],
    ['operator:\n  removalDealy: 2', '2:17', 'unknown field removalDealy; write removalDelay'],
    ['peers:\n  monitoring: web', '2:3', 'a named peer cannot be tier'],
    ['isolation: [', '1:13', 'this is no valid YAML'],
  ] as const)('for the file %j', async ([text, place, what]) => {
    await expectRefused(['--config', 'config.yaml'], {}, { 'config.yaml': text }, [`config.yaml:${place}: error`, what])
  })

  test('for a file that is not there, and for a kubeconfig that is none', async () => {
    await expectRefused(['--config', 'none.yaml'], {}, {}, ['none.yaml', 'there is no such file'])
    await expectRefused([], {}, {}, ['the kubeconfig kubeconfig cannot be read', 'set KUBECONFIG'])
  })
})

async function expectRefused(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
  said: readonly string[],
): Promise<void> {
  const { code, stdout, stderr } = await inFolder({ ...files, ...more })([...words, ...flags], { env })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  for (const words of said) expect(stderr).toContain(words)
  // A sentence for people, and never a trace.
  expect(stderr).not.toMatch(/^\s+at |this is a bug/m)
}
