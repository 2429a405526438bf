import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { listComparable, mayDiffer, renderChart, type Values } from '../install/chart.ts'
import { buildHelmFirst, needHelm } from '../install/helm.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { type KubernetesObject, nameOf, readManifest, readObjects, root } from '../install/objects.ts'

buildHelmFirst()

interface Fixtures {
  /** Of the chart. */
  readonly render: (values?: Values) => Promise<readonly KubernetesObject[]>
  /** Of a folder of config/. */
  readonly build: (folder: string) => Promise<readonly KubernetesObject[]>
}

const test = base.extend<Fixtures>({
  render: async ({ skip }, use) => {
    const helm = await needHelm(skip)
    await use(values => renderChart(helm, values))
  },
  build: async ({ skip }, use) => {
    const kubectl = await needKubectl(skip)
    await use(async folder => readObjects(await outputOf(kubectl('kustomize', join(root, 'config', folder)))))
  },
})

const pairs: readonly (readonly [folder: string, values: Values])[] = [
  ['default', {}],
  ['namespaced', { namespaces: ['shop'] }],
  ['high-availability', { replicas: 2 }],
  ['audit-only', { auditOnly: true }],
]

const isAdmission = ({ kind }: KubernetesObject) => kind.startsWith('ValidatingAdmissionPolicy')
const isReserved = (object: KubernetesObject) => isAdmission(object) && object.metadata.name === 'tierwall-reserved'

describe('the chart gives the same objects as', () => {
  test.for(pairs)('config/%s, with %j', async ([folder, values], { render, build }) => {
    const rendered = listComparable(await render(values))
    const built = listComparable(await build(folder))
    expect(rendered.map(nameOf)).toEqual(built.map(nameOf))
    for (const [index, object] of built.entries()) expect(rendered[index], nameOf(object)).toEqual(object)
    expect(built.length).toBeGreaterThan(15)
  })

  test('config/admission, where it refuses wrong annotations, and not a policy of it where it does not', async ({
    render,
    build,
  }) => {
    const policies = (await render()).filter(isAdmission)
    expect(listComparable(policies)).toEqual(listComparable(await build('admission')))
    expect((await render({ admission: { annotations: false } })).filter(isAdmission)).toEqual([])
    const everywhere = await render({ namespaces: ['shop'], admission: { annotations: true } })
    expect(everywhere.filter(isAdmission)).toEqual(policies)
  })

  test('config/admission/reserved, where the policies are reserved', async ({ render, build }) => {
    const reserved = (await render({ admission: { reserved: true } })).filter(isReserved)
    expect(listComparable(reserved)).toEqual(listComparable(await build('admission/reserved')))
    expect((await render()).filter(isReserved)).toEqual([])
  })

  test('monitoring/, with a ServiceMonitor and alerts', async ({ render }) => {
    const files = ['monitoring/prometheus-rules.yaml', 'monitoring/service-monitor.yaml'].flatMap(readManifest)
    const rendered = await render({ serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } })
    const monitors = rendered.filter(({ apiVersion }) => apiVersion === 'monitoring.coreos.com/v1')
    expect(listComparable(monitors)).toEqual(listComparable(files))
  })
})

test('the comparison sees a field that differs', async ({ build }) => {
  const built = await build('default')
  const other = built.map(object => (object.kind === 'Service' ? { ...object, spec: {} } : object))
  expect(listComparable(other)).not.toEqual(listComparable(built))
})

test.for(Object.keys(mayDiffer))('the list of what may differ needs %s', async (name, { render, build }) => {
  const others = Object.entries(mayDiffer).flatMap(([other, difference]) => (other === name ? [] : [difference]))
  expect(listComparable(await render(), others)).not.toEqual(listComparable(await build('default'), others))
})
