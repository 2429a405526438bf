/** A workload and a namespace with annotations, what the API server says of them, and what `lint` does. */

import { makeAnnotationPolicies } from '../../src/api/admission/index.ts'
import { annotation, isolationAnnotation } from '../../src/api/annotations.ts'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import { decide } from '../../src/engine.ts'
import { annotationPath } from '../../src/intent/annotations.ts'
import { onOneLine } from '../../src/report/one-line.ts'
import { readObjects } from '../properties/engine.ts'
import { type Guarded, testUnder, type Verdict, verdictOf } from './admission-policies.ts'

export type Texts = Readonly<Record<string, string>>

export const deployments = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`

export function makeDeployment(annotations: Texts, templateAnnotations: Texts = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop', annotations, labels: {} },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels: { app: 'shop' }, annotations: templateAnnotations },
        spec: { containers: [{ name: 'shop', image: 'shop' }] },
      },
    },
  }
}

export function makeNamespace(annotations: Texts, labels: Texts = {}) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations, labels } }
}

export async function tryDeployment({ plane, namespace }: Guarded, deployment: unknown): Promise<Verdict> {
  return verdictOf(await plane.request('POST', `${deployments(namespace)}?dryRun=All`, { body: deployment }))
}

export async function tryNamespace(guarded: Guarded, { metadata, ...rest }: ReturnType<typeof makeNamespace>) {
  const body = { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, ...guarded.labels } } }
  return verdictOf(await guarded.plane.request('POST', '/api/v1/namespaces?dryRun=All', { body }))
}

export interface Finding {
  readonly code: string
  /** As the policy says it: `CODE: KEY: what, and what to do`, the key only where the sentence does not begin with it. */
  readonly line: string
}

/** Said of a tier whose ports an AppTier may still bring, which no workload alone can tell. */
const dependsOnOthers = ['ports-missing']

export function lint(object: ReturnType<typeof makeDeployment> | ReturnType<typeof makeNamespace>): Finding[] {
  const { problems } = decide(readObjects([object]), defaultConfiguration)
  return problems
    .filter(({ severity, code }) => severity === 'error' && !dependsOnOthers.includes(code))
    .map(({ source, code, message, fix }) => {
      const path = source.said === 'object' ? source.path : []
      const key = path.join() === annotationPath(String(path.at(-1))).join() ? String(path.at(-1)) : ''
      const place = key === '' || message.startsWith(key) ? '' : `${key}: `
      return { code, line: onOneLine(`${code}: ${place}${message}; ${fix}`) }
    })
}

export function testUnderAnnotationPolicies() {
  return testUnder(makeAnnotationPolicies(), async guarded => {
    const workload = await tryDeployment(guarded, makeDeployment({ [annotation.tier]: 'Web' }))
    const namespace = await tryNamespace(guarded, makeNamespace({ [isolationAnnotation]: 'on' }))
    return 'refused' in workload && 'refused' in namespace
  })
}
