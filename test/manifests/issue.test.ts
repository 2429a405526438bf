import { expect, test } from 'vitest'
import { readManifestText } from '../../src/manifests/manifests.ts'
import { placed } from './cases.ts'

/** The one thing wrong with a Deployment's field, given as YAML below the named parents. */
function complaint(field: string): string | undefined {
  const [first, ...others] = placed(readManifestText('a.yaml', `apiVersion: apps/v1\nkind: Deployment\n${field}`))
  expect(others).toEqual([])
  return first?.[2]
}

const inContainer = (text: string) =>
  `metadata: {name: web}\nspec: {template: {spec: {hostNetwork: no, containers: [{ports: [${text}]}]}}}`

test.each([
  ['metadata: {name: web}', 'spec is missing; add it'],
  ['metadata: {name: web}\nspec: []', 'spec is a list; write a map'],
  [
    'metadata: {name: Web_1}\nspec: {}',
    "metadata.name is 'Web_1'; write lower-case letters, digits, dashes and dots (RFC 1123 subdomain)",
  ],
  [
    'metadata: {name: web, labels: {a: yes}}\nspec: {}',
    'metadata.labels.a is yes, which YAML reads as a boolean where text is wanted; put it in quotes: "yes"',
  ],
  [
    'metadata: {name: web, labels: {a: é}}\nspec: {}',
    "metadata.labels.a is refused by Kubernetes: 'é' is no label value; correct it",
  ],
  ['metadata: {name: web, labels: []}\nspec: {}', 'metadata.labels is a list; write a map of labels'],
  [
    'metadata: {name: web, annotations: {a: }}\nspec: {}',
    'metadata.annotations.a has no value; give it one, or take it away',
  ],
  ['metadata: {name: web, annotations: {a: [b]}}\nspec: {}', 'metadata.annotations.a is a list; write text'],
  [
    'metadata: {name: web, namespace: no}\nspec: {}',
    'metadata.namespace is no, which YAML reads as a boolean where text is wanted; put it in quotes: "no"',
  ],
  [
    inContainer('{containerPort: "80"}'),
    'spec.template.spec.containers[0].ports[0].containerPort is a text where a number is wanted; write it without quotes: 80',
  ],
  [
    inContainer('{containerPort: http}'),
    "spec.template.spec.containers[0].ports[0].containerPort is 'http'; write a number",
  ],
  [inContainer('{containerPort: 0}'), 'spec.template.spec.containers[0].ports[0].containerPort is 0; write at least 1'],
  [
    inContainer('{containerPort: 70000}'),
    'spec.template.spec.containers[0].ports[0].containerPort is 70000; write at most 65535',
  ],
  [
    inContainer('{containerPort: 80, protocol: tcp}'),
    "spec.template.spec.containers[0].ports[0].protocol is 'tcp'; write TCP",
  ],
  [
    inContainer('{containerPort: 80, protocol: ICMP}'),
    "spec.template.spec.containers[0].ports[0].protocol is 'ICMP'; write TCP, UDP or SCTP",
  ],
])('%j is mended by what the problem says', (field, text) => {
  expect(complaint(field)).toBe(text)
})

test('a value of one of two types names both', () => {
  const text = '{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, targetPort: yes}]}}'
  expect(placed(readManifestText('a.yaml', text)).map(([, , text]) => text)).toEqual([
    'spec.ports[0].targetPort is true; write a number or text',
  ])
})

test('a number in JSON is quoted as it stands', () => {
  const text = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"v":1.50}}}'
  expect(placed(readManifestText('a.json', text)).map(([, , text]) => text)).toEqual([
    'metadata.labels.v is 1.50, which YAML reads as a number where text is wanted; put it in quotes: "1.50"',
  ])
})
