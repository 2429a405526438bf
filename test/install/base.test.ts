import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultConfiguration, readConfiguration } from '../../src/api/configuration.ts'
import { evaluateFlow, indexPolicies } from '../../src/evaluate/index.ts'
import { address, pod, readPolicy } from '../evaluate/world.ts'
import { findObject, readManifest, root } from './objects.ts'

const readText = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the configuration that is installed', () => {
  const text = readText('config/base/config.yaml')

  test('says what holds without it', () => {
    expect(readConfiguration(parse(text))).toEqual({ configuration: defaultConfiguration, faults: [] })
  })

  test('is sound with every example in its comments taken up', () => {
    const uncommented = text.replaceAll(/^#(?! \S)/gm, '')
    const { configuration, faults } = readConfiguration(parse(uncommented))
    expect(faults).toEqual([])
    expect(configuration).toMatchObject({
      clusterRanges: ['10.244.0.0/16', '10.96.0.0/12'],
      dns: { peers: [{ peer: { kind: 'cidr' } }] },
      baseline: { from: [{ peer: { kind: 'named', name: 'monitoring' } }] },
    })
  })

  test('of config/audit-only differs from it in the isolation alone', () => {
    const audit = readConfiguration(parse(readText('config/audit-only/config.yaml')))
    expect(audit).toEqual({ configuration: { ...defaultConfiguration, isolation: 'audit' }, faults: [] })
  })
})

test('the image is of the version of the package', () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readText('package.json')))
  expect(parse(readText('config/base/kustomization.yaml'))).toMatchObject({
    images: [{ name: 'tierwall', newName: 'ghcr.io/tierwall/tierwall', newTag: version }],
  })
})

test('what selects the operator selects its pods', () => {
  const [deployment] = readManifest('config/base/deployment.yaml')
  const labels = { 'app.kubernetes.io/name': 'tierwall', 'app.kubernetes.io/component': 'operator' }
  const spread = [{ labelSelector: { matchLabels: labels } }]
  expect(deployment).toMatchObject({
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { topologySpreadConstraints: spread } },
    },
  })
  const service = findObject(readManifest('config/base/service.yaml'), 'Service tierwall-system/tierwall-metrics')
  expect(service).toMatchObject({ spec: { selector: labels } })
  const [budget] = readManifest('config/base/disruption.yaml')
  expect(budget).toMatchObject({ spec: { selector: { matchLabels: labels } } })
})

describe('the operator', () => {
  const index = indexPolicies(readManifest('config/base/network.yaml').map(readPolicy))
  const place = { namespaceLabels: { 'kubernetes.io/metadata.name': 'tierwall-system' } }
  const labels = { 'app.kubernetes.io/name': 'tierwall', 'app.kubernetes.io/component': 'operator' }
  const operator = pod('tierwall-system/operator', { ...place, labels })
  const prometheus = pod('monitoring/prometheus')
  const dns = pod('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } })
  const [node, server] = [address('10.1.2.3'), address('203.0.113.7')]

  test.each([
    ['a pod of any namespace', prometheus, 'metrics', operator, 8080, 'TCP', true],
    ['a pod of any namespace', prometheus, 'nothing else', operator, 9229, 'TCP', false],
    ['an address outside', node, 'metrics', operator, 8080, 'TCP', false],
    ['the node', node, 'the probes', operator, 8081, 'TCP', true],
    ['the operator', operator, 'the API server', server, 6443, 'TCP', true],
    ['the operator', operator, 'the API server’s Service', server, 443, 'TCP', true],
    ['the operator', operator, 'no other port outside', server, 80, 'TCP', false],
    ['the operator', operator, 'DNS', dns, 53, 'UDP', true],
    ['the operator', operator, 'no other pod of its namespace', pod('tierwall-system/other'), 80, 'TCP', false],
  ] as const)('is reached or reaches: from %s, %s', (_, from, __, to, port, protocol, allowed) => {
    expect(evaluateFlow(index, from, to, { port, protocol }).allowed).toBe(allowed)
  })
})
