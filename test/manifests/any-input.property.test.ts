import { expect, test } from 'vitest'
import { decodeText } from '../../src/manifests/decode.ts'
import { type Manifests, readManifestText } from '../../src/manifests/manifests.ts'
import fc from '../seeded.ts'
import { deployment } from './cases.ts'

const pieces = [
  ...[
    '\n',
    '\r\n',
    '\r',
    ' ',
    '  ',
    '\t',
    '- ',
    ': ',
    ':',
    '? ',
    ', ',
    '#',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '|',
    '>-',
    '\uFEFF',
    '\0',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '\\',
    '&a ',
    '*a',
    '<<: ',
    '!!int ',
    '!',
    '@',
    '`',
    'yes',
    '010',
    '.nan',
    'null',
    '~',
    '__proto__',
    'é😀',
  ],
  ...[
    'apiVersion',
    'apps/v1',
    'kind',
    'Deployment',
    'List',
    'items',
    'metadata',
    'name',
    'web',
    'annotations',
    'tierwall.dev/ports',
    'spec',
  ],
]
const broken = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(each => each.join(''))

/** A real manifest with something cut out and something put in. */
const mutated = fc
  .tuple(fc.nat(200), fc.nat(20), broken)
  .map(([at, length, inserted]) => deployment('web').slice(0, at) + inserted + deployment('web').slice(at + length))

function expectPlaces(text: string, { problems, objects, locate }: Manifests): void {
  const lines = text.split('\n').length + text.split('\r').length
  for (const problem of problems) {
    const place = locate(problem.source)
    expect(place?.line).toBeGreaterThan(0)
    expect(place?.line).toBeLessThanOrEqual(lines)
    expect(place?.column).toBeGreaterThan(0)
    expect(problem.message).not.toBe('')
    expect(problem.fix).not.toBe('')
  }
  for (const { object } of objects) {
    const { kind, metadata } = object
    const ref = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
    expect(locate({ said: 'object', object: ref, path: ['metadata', 'name', 'x', 0] })).toBeDefined()
  }
}

test('any text gives objects and problems with places, never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(broken, mutated, fc.string({ unit: 'binary', maxLength: 200 })), text =>
      expectPlaces(text, readManifestText('a.yaml', text)),
    ),
    { numRuns: 3000 },
  )
})

/** What trips code that turns a value into text without a look at it. */
const hostile = fc.constantFrom<fc.JsonValue[]>(
  { toString: 0 },
  { valueOf: 1, toString: null },
  JSON.parse('{"__proto__": {"a": 1}}'),
)
const anyJson = fc.oneof({ arbitrary: fc.jsonValue(), weight: 5 }, { arbitrary: hostile, weight: 1 })

test('any JSON in the place of any field gives objects and problems with places, never an exception', () => {
  const field = fc.constantFrom('apiVersion', 'kind', 'items', 'metadata', 'spec')
  const inner = fc.constantFrom(
    'name',
    'namespace',
    'labels',
    'annotations',
    'selector',
    'template',
    'ingress',
    'ports',
  )
  const kinds = fc.constantFrom(
    'apps/v1/Deployment',
    'v1/Service',
    'networking.k8s.io/v1/NetworkPolicy',
    'batch/v1/CronJob',
    'v1/List',
  )
  fc.assert(
    fc.property(kinds, field, inner, anyJson, fc.boolean(), (is, outer, name, value, isWhole) => {
      const slash = is.lastIndexOf('/')
      const whole = { apiVersion: is.slice(0, slash), kind: is.slice(slash + 1), metadata: { name: 'web' }, spec: {} }
      const text = JSON.stringify({ ...whole, [outer]: isWhole ? value : { name: 'web', [name]: value } }, undefined, 1)
      expectPlaces(text, readManifestText('a.json', text))
    }),
    { numRuns: 3000 },
  )
})

test('any JSON reads the same as JSON and as YAML', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), annotation => {
      const json = JSON.stringify({
        apiVersion: 'tierwall.dev/v1alpha1',
        kind: 'AppTier',
        metadata: { name: 'a' },
        spec: annotation,
      })
      const asJson = readManifestText('a.json', json)
      const asYaml = readManifestText('a.yaml', `# YAML\n${json}`)
      expect(asYaml).toMatchObject({ objects: asJson.objects, problems: asJson.problems })
    }),
  )
})

test('any bytes decode to text or to a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), bytes => {
      const read = decodeText(bytes)
      expect('text' in read ? read.text : read.fault.line).toBeDefined()
    }),
  )
})
