import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test as base, describe, expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConfiguration } from '../../src/api/configuration.ts'
import { chart, renderChart, type Values, withValues } from '../install/chart.ts'
import { buildHelmFirst, type Helm, needHelm } from '../install/helm.ts'
import { findObject, type KubernetesObject, nameOf, root } from '../install/objects.ts'

buildHelmFirst()

const test = base.extend<{ readonly helm: Helm }>({
  helm: async ({ skip }, use) => use(await needHelm(skip)),
})

const deployment = 'Deployment tierwall-system/tierwall-operator'
const container = z.looseObject({ image: z.string(), args: z.array(z.string()) })
const pod = z.looseObject({ spec: z.looseObject({ containers: z.tuple([container]) }) })
const withPod = z.looseObject({ spec: z.looseObject({ template: pod }) })

const podOf = (objects: readonly KubernetesObject[]) => withPod.parse(findObject(objects, deployment)).spec.template

function readConfigurationText(objects: readonly KubernetesObject[]): string {
  const { data } = findObject(objects, 'ConfigMap tierwall-system/tierwall-config')
  return z.object({ 'config.yaml': z.string() }).parse(data)['config.yaml']
}

/** Each value, with another than its default. */
const everything: Values = {
  image: {
    repository: 'registry.example.com/tierwall',
    tag: '9.9.9',
    pullPolicy: 'Always',
    pullSecrets: [{ name: 'registry' }],
  },
  replicas: 3,
  namespaces: ['shop', 'data'],
  adopt: true,
  removalDelay: 0,
  configuration: {
    isolation: 'off',
    clusterRanges: ['10.0.0.0/8'],
    dns: { services: [{ namespace: 'openshift-dns', name: 'dns-default' }], peers: ['169.254.20.10/32'] },
    peers: { monitoring: '*.monitoring', office: [{ cidr: '198.51.100.0/24' }] },
    baseline: { from: ['@monitoring:metrics'] },
    operator: { log: { level: 'debug' } },
  },
  admission: { annotations: true, reserved: true },
  crds: { install: false },
  resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '2Gi' } },
  podDisruptionBudget: { maxUnavailable: '50%' },
  priorityClassName: 'high',
  nodeSelector: { pool: 'system' },
  tolerations: [{ key: 'system', operator: 'Exists' }],
  affinity: {},
  topologySpreadConstraints: [],
  networkPolicy: { defaultDeny: false, metricsFrom: [], dnsPeers: [], apiServerPorts: [8443] },
  serviceMonitor: { enabled: true, interval: '30s', labels: { release: 'prometheus' } },
  prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  labels: { team: 'platform' },
  annotations: { contact: 'platform' },
  podLabels: { cost: 'platform', 'app.kubernetes.io/component': 'other' },
  podAnnotations: { scrape: 'metrics' },
  global: { registry: 'registry.example.com' },
}

describe('`helm lint --strict` finds nothing', () => {
  test.for([
    ['the usual values', {}],
    ['audit alone', { auditOnly: true }],
    ['every value set', everything],
  ] as const)('with %s', async ([, values], { helm }) => {
    const said = await withValues(helm, values, 'lint', '--strict', '--quiet', chart)
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('a wrong value is refused, by lint and before anything is installed,', () => {
  test.for([
    [{ replicas: 'two' }, "at '/replicas': got string, want integer"],
    [{ replica: 2 }, "additional properties 'replica' not allowed"],
    [{ image: { name: 'x' } }, "at '/image': additional properties 'name' not allowed"],
    [{ image: { digest: 'sha256:1' } }, "at '/image/digest': 'sha256:1' does not match pattern"],
    [{ namespaces: ['Shop'] }, "at '/namespaces/0': 'Shop' does not match pattern"],
    [{ namespaces: 'shop' }, "at '/namespaces': got string, want array"],
    [{ removalDelay: 301 }, "at '/removalDelay': maximum: got 301, want 300"],
    [{ admission: { annotations: 'maybe' } }, "at '/admission/annotations'"],
    [{ configuration: { isolation: 'strict' } }, "at '/configuration/isolation'"],
    [
      { configuration: { dns: { service: [] } } },
      "at '/configuration/dns': additional properties 'service' not allowed",
    ],
    [{ configuration: { operator: { namespaces: ['shop'] } } }, "additional properties 'namespaces' not allowed"],
    [{ configuration: { operatorNamespace: 'other' } }, "additional properties 'operatorNamespace' not allowed"],
    [{ configuration: { baseline: { from: [{ podSelektor: {} }] } } }, "'podSelektor' not allowed"],
    [{ networkPolicy: { apiServerPorts: [] } }, "at '/networkPolicy/apiServerPorts': minItems: got 0, want 1"],
  ] as const)('%j: %s', async ([values, sentence], { helm }) => {
    for (const command of [
      ['template', 'tierwall', chart],
      ['lint', '--strict', chart],
    ]) {
      const { code, stdout, stderr } = await withValues(helm, values, ...command)
      expect(code).toBe(1)
      expect(stdout + stderr).toContain(sentence)
    }
  })

  test.for([
    [
      { auditOnly: true, configuration: { isolation: 'enforce' } },
      'auditOnly is true, and configuration.isolation is enforce: take one of them away',
    ],
    [{ namespaces: ['tierwall-system'] }, "namespaces has tierwall-system, which is the operator's own"],
  ] as const)('%j: %s', async ([values, sentence], { helm }) => {
    const { code, stderr } = await withValues(helm, values, 'template', 'tierwall', chart)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(sentence) })
  })

  test('as is a namespace that others live in, whose pods the default-deny would shut', async ({ helm }) => {
    const render = (...more: string[]) => helm('template', 'tierwall', chart, '--namespace', 'kube-system', ...more)
    const refused = await render()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('networkPolicy.defaultDeny would shut every pod of kube-system')
    expect(await render('--set', 'networkPolicy.defaultDeny=false')).toMatchObject({ code: 0 })
  })
})

test('every value is where it belongs', async ({ helm }) => {
  const objects = await renderChart(helm, everything)
  const names = objects.map(nameOf)
  const template = podOf(objects)
  expect(findObject(objects, deployment)).toMatchObject({ spec: { replicas: 3 } })
  expect(template).toMatchObject({
    metadata: {
      labels: { cost: 'platform', 'app.kubernetes.io/component': 'operator', 'app.kubernetes.io/name': 'tierwall' },
      annotations: { scrape: 'metrics', 'checksum/operator-settings': expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
    spec: {
      imagePullSecrets: [{ name: 'registry' }],
      priorityClassName: 'high',
      nodeSelector: { pool: 'system', 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'system', operator: 'Exists' }],
    },
  })
  expect(Object.keys(template.spec)).not.toEqual(expect.arrayContaining(['affinity']))
  expect(Object.keys(template.spec)).not.toEqual(expect.arrayContaining(['topologySpreadConstraints']))
  expect(template.spec.containers[0]).toMatchObject({
    image: 'registry.example.com/tierwall:9.9.9',
    imagePullPolicy: 'Always',
    args: ['run', '--config=/etc/tierwall/config.yaml', '--namespaces=shop,data', '--adopt', '--removal-delay=0'],
    resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '2Gi' } },
  })
  expect(readConfiguration(parse(readConfigurationText(objects)))).toMatchObject({
    faults: [],
    configuration: {
      isolation: 'off',
      clusterRanges: ['10.0.0.0/8'],
      dns: { services: [{ namespace: 'openshift-dns' }] },
      operator: { log: { level: 'debug' } },
    },
  })
  const missing = ['CustomResourceDefinition', 'ResourceQuota', 'ClusterRole tierwall-operator', '/default-deny']
  expect(names.filter(name => missing.some(part => name.includes(part)))).toEqual([])
  expect(names).toEqual(
    expect.arrayContaining([
      'Role shop/tierwall-operator',
      'Role data/tierwall-operator',
      'Role default/tierwall-operator-events',
      'Role kube-system/tierwall-operator-dns',
      'Role openshift-dns/tierwall-operator-dns',
      'ValidatingAdmissionPolicy tierwall-annotations',
      'ValidatingAdmissionPolicy tierwall-reserved',
    ]),
  )
  expect(findObject(objects, 'PodDisruptionBudget tierwall-system/tierwall-operator')).toMatchObject({
    spec: { maxUnavailable: '50%' },
  })
  expect(findObject(objects, 'NetworkPolicy tierwall-system/operator')).toMatchObject({
    spec: { ingress: [{ ports: [{ port: 8081 }] }], egress: [{ ports: [{ port: 8443 }] }] },
  })
  expect(findObject(objects, 'ServiceMonitor tierwall-system/tierwall')).toMatchObject({
    metadata: { labels: { release: 'prometheus' } },
    spec: { endpoints: [{ port: 'metrics', interval: '30s' }] },
  })
  for (const object of objects)
    expect(object, nameOf(object)).toMatchObject({
      metadata: { labels: { team: 'platform' }, annotations: { contact: 'platform' } },
    })
})

test('the operator understands the flags and the configuration that it is given', async ({ helm }) => {
  const objects = await renderChart(helm, everything)
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-chart-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = join(folder, 'config.yaml')
  await writeFile(config, readConfigurationText(objects))
  const args = podOf(objects).spec.containers[0].args.map(arg => arg.replace('/etc/tierwall/config.yaml', config))
  const running = promisify(execFile)(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    env: { KUBECONFIG: '/dev/null' },
  })
  // It comes as far as to look for a cluster.
  await expect(running).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: the kubeconfig /) })
})

test('where Kubernetes is too old for the admission policies, they are left out unless wanted', async ({ helm }) => {
  const render = async (...more: string[]) => {
    const { stdout } = await helm('template', 'tierwall', chart, '--namespace', 'tierwall-system', ...more)
    return stdout.includes('kind: ValidatingAdmissionPolicy\n')
  }
  expect(await render('--kube-version', '1.30.9')).toBe(false)
  expect(await render('--kube-version', '1.31.0-gke.1')).toBe(true)
  expect(await render('--kube-version', '1.30.9', '--set', 'admission.annotations=true')).toBe(true)
})

test('a digest comes before the tag, and without either the image is that of the chart', async ({ helm }) => {
  const imageOf = async (image: Values) => podOf(await renderChart(helm, { image })).spec.containers[0].image
  const digest = `sha256:${'0'.repeat(64)}`
  expect(await imageOf({ digest, tag: '1.2.3' })).toBe(`ghcr.io/tierwall/tierwall@${digest}`)
  expect(await imageOf({})).toMatch(/^ghcr\.io\/tierwall\/tierwall:\d+\.\d+\.\d+$/)
})

test('in another namespace the operator has its rights there, and nothing is left of the usual one', async ({
  helm,
}) => {
  const { code, stdout } = await helm(
    ...['template', 'tierwall', chart, '--namespace', 'platform', '--set', 'admission.reserved=true'],
  )
  expect(code).toBe(0)
  expect(stdout).not.toContain('tierwall-system')
  expect(stdout).toContain("'system:serviceaccount:platform:tierwall-operator'")
})

test('what the operator reads at its start alone restarts it when it changes, and the rest does not', async ({
  helm,
}) => {
  const podWith = async (configuration: Values) => podOf(await renderChart(helm, { configuration }))
  expect(await podWith({ clusterRanges: ['10.0.0.0/8'] })).toEqual(await podWith({}))
  const [debug, warn] = [
    await podWith({ operator: { log: { level: 'debug' } } }),
    await podWith({ operator: { log: { level: 'warn' } } }),
  ]
  expect(debug).not.toEqual(warn)
})
