/** A cluster's objects as YAML → the facts that doctor would gather there; what is not given is as in a healthy, empty cluster. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { defaultConfiguration } from '../../../src/api/configuration.ts'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import { type KubernetesObject, readerOf } from '../../../src/api/kubernetes.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import type { AskedRight, Facts, Look, Settings } from '../../../src/doctor/facts.ts'
import { readAgent, readNode, readSettings, readType } from '../../../src/doctor/shapes.ts'
import { rights } from '../../../src/live/resources.ts'
import { readSeenPolicy } from '../../../src/live/seen-policy.ts'

export const now = Date.parse('2026-03-01T03:00:00Z')

export function factsOf(yaml: string, more: Partial<Facts> = {}): Facts {
  const objects = parseAllDocuments(yaml)
    .map((document): unknown => document.toJS())
    .filter(json => json !== null)
  const of = <T>(kind: string, read: (json: unknown) => T | undefined): readonly T[] =>
    objects.filter(json => readType(json).kind === kind).map(json => need(read(json)))
  const known = objects.flatMap((json): KubernetesObject[] => {
    const { apiVersion, kind } = readType(json)
    const read = readerOf(apiVersion, kind)?.(json)
    return read?.success ? [read.data] : []
  })
  return {
    tierwall: '0.1.0',
    now,
    namespace: undefined,
    version: { seen: 'v1.36.0' },
    groups: { seen: [] },
    servesPolicies: { seen: true },
    agents: { seen: of('DaemonSet', readAgent) },
    nodes: { seen: of('Node', readNode) },
    settings: new Map(of('ConfigMap', json => [nameOf(json), { seen: need(readSettings(json)) }] as const)),
    namespaces: { seen: known.filter(({ is }) => is === 'namespace') },
    dns: { seen: known },
    policies: { seen: of('NetworkPolicy', readSeenPolicy) },
    definition: { seen: { established: true, spec: makeCustomResourceDefinition().spec } },
    admission: { seen: { policies: [], bound: [] } },
    lease: { seen: { holder: 'tierwall-0', renewed: now - 2_000, lasts: 15_000 } },
    remains: [],
    ownRights: { seen: askedRights(() => true) },
    operatorRights: { seen: askedRights(() => true) },
    configured: { seen: { from: undefined, configuration: defaultConfiguration, problems: [] } },
    ...more,
  }
}

export function factsOfCluster(name: string, more: Partial<Facts> = {}): Facts {
  return factsOf(readFileSync(join(import.meta.dirname, 'clusters', `${name}.yaml`), 'utf8'), more)
}

/** What one check says, as `verdict what — why; fix`. */
export function linesOf(check: string, facts: Facts): readonly string[] {
  return diagnose(facts)
    .filter(finding => finding.check === check)
    .map(({ verdict, what, why, fix }) => {
      const advice = [why, fix].filter(text => text !== undefined).join('; ')
      return `${verdict} ${what}${advice === '' ? '' : ` — ${advice}`}`
    })
}

export function askedRights(isAllowed: (asked: Omit<AskedRight, 'allowed'>) => boolean): readonly AskedRight[] {
  return rights.flatMap(right =>
    right.verbs.map(verb => {
      const namespace = { everywhere: undefined, dns: 'kube-system', apiserver: 'default', operator: 'tierwall-system' }
      const asked = { right, verb, namespace: namespace[right.where] }
      return { ...asked, allowed: isAllowed(asked) }
    }),
  )
}

export const refused = (right: string): Look<never> => ({ unseen: `needs the right to ${right}` })

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an object of the YAML cannot be read')
  return value
}

function nameOf(json: unknown): string {
  const { metadata } = json as { metadata: Settings }
  return `${metadata.namespace}/${metadata.name}`
}
