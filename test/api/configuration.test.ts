import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfiguration } from '../../src/api/configuration.ts'

const faultsOf = (json: unknown) =>
  readConfiguration(json).faults.map(({ path, fault }) => `${path.join('.')}: ${fault.code}: ${fault.fix}`)

describe('the configuration', () => {
  it('is as its page shows it', () => {
    const page = readFileSync('docs/configuration.md', 'utf8')
    const example: unknown = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '')
    const { configuration, faults } = readConfiguration(example)
    expect(faults).toEqual([])
    expect([...configuration.peers.keys()]).toEqual(['monitoring', 'office'])
    expect(configuration.baseline.from).toHaveLength(1)
  })

  it('may be empty', () => {
    expect(faultsOf(undefined)).toEqual([])
    expect(faultsOf({})).toEqual([])
  })

  it.each([
    [{ clusterRange: [] }, 'clusterRange: configuration-invalid: write clusterRanges'],
    [{ isolation: 'on' }, 'isolation: configuration-invalid: see docs/configuration.md'],
    [
      { clusterRanges: ['10.0.0.1/8'] },
      'clusterRanges.0: cidr-host-bits: write 10.0.0.1/32 for the one address, or 10.0.0.0/8 for the range',
    ],
    [{ peers: { all: ['web'] } }, 'peers.all.0: configuration-invalid: write selectors, CIDRs or *.NAMESPACE'],
    [
      { peers: { pods: { podSelector: {} } } },
      'peers.pods.0.podSelector: selector-empty: write sameNamespace: true for all pods of this namespace, or cluster: true for all pods',
    ],
    [{ baseline: { from: ['Web'] } }, 'baseline.from.0: peer-invalid: write web'],
    [{ baseline: { to: ['10.0.0.0/8:https'] } }, 'baseline.to.0: port-name-outside: write the port as a number'],
    [{ dns: { peers: ['anywhere'] } }, 'dns.peers.0: configuration-invalid: write selectors or CIDRs'],
  ])('names the field and the fix: %j', (json, fault) => {
    expect(faultsOf(json)).toEqual([fault])
  })
})
