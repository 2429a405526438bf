import { describe, expect, test } from 'vitest'
import { readManifests, readManifestText } from '../../src/manifests/manifests.ts'
import { deployment, named, placed } from './cases.ts'

describe('objects', () => {
  test('come out of documents, Lists, typed lists and lists in lists, sorted by kind and name', () => {
    const text = `
${deployment('web')}
---
kind: List
apiVersion: v1
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
  - kind: NetworkPolicyList
    apiVersion: networking.k8s.io/v1
    items: [{metadata: {name: deny, namespace: shop}}]
---
{"apiVersion": "apps/v1", "kind": "DeploymentList", "items": [{"metadata": {"name": "api"}, "spec": {}}]}
`
    const { objects, problems } = readManifestText('all.yaml', text)
    expect(problems).toEqual([])
    expect(objects.map(named)).toEqual([
      'Deployment default/api',
      'Deployment default/web',
      'Namespace undefined/shop',
      'NetworkPolicy shop/deny',
    ])
  })

  test('without a namespace are in the default one, cluster-scoped ones in none', () => {
    const text = `
${deployment('web')}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: ""}, spec: {}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop, namespace: shop}}`
    expect(readManifestText('a.yaml', text, 'front').objects.map(named)).toEqual([
      'Deployment front/api',
      'Deployment front/web',
      'Namespace undefined/shop',
    ])
  })

  test('are the same whatever the order of the files', () => {
    const a = { file: 'a.yaml', text: deployment('a') }
    const b = { file: 'b.yaml', text: deployment('b') }
    expect(readManifests([a, b]).objects).toEqual(readManifests([b, a]).objects)
  })

  test.each([
    ['a kind that Tierwall does not read', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}'],
    ['YAML that is no Kubernetes object', 'image:\n  tag: 1.2.3'],
    ['a list that is no List', '- hosts: all'],
    ['nothing but comments', '# empty\n---\n# empty as well\n'],
    ['an empty List', 'apiVersion: v1\nkind: List\nitems:'],
    ['an object that only `kubectl create` takes', 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}'],
  ])('are not made of %s, which is passed over in silence', (_, text) => {
    expect(readManifestText('a.yaml', text)).toMatchObject({ objects: [], problems: [] })
  })

  test('are read behind a byte order mark and with any line ends', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(readManifestText('a.yaml', `\uFEFF${deployment('web').replaceAll('\n', end)}`).objects).toHaveLength(1)
  })
})

describe('a document that is no YAML', () => {
  test('is a problem at its place, and the other documents are read', () => {
    const manifests = readManifestText('a.yaml', `${deployment('a')}\n---\na: [\n---\n${deployment('b')}`)
    expect(manifests.objects.map(named)).toEqual(['Deployment default/a', 'Deployment default/b'])
    expect(placed(manifests)).toEqual([
      [
        'a.yaml:8:5',
        'yaml-invalid',
        'this is no valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]; check the indentation and the closing brackets',
      ],
    ])
  })

  test('is found in JSON as well, a key that stands twice included', () => {
    expect(placed(readManifestText('a.json', '{"a": 1,\n  "a": 2}'))).toEqual([
      ['a.json:2:3', 'yaml-invalid', "the key 'a' stands twice in one map; take one of the two away"],
    ])
  })
})

describe('an object that the API server would refuse', () => {
  test('is a problem at the field, which says how to mend it', () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    tierwall.dev/tier: web
    tierwall.dev/ports: 05000
spec: {}`
    const manifests = readManifestText('web.yaml', text)
    expect(manifests.objects).toEqual([])
    expect(manifests.problems[0]?.source).toEqual({
      said: 'object',
      object: { kind: 'Deployment', namespace: 'default', name: 'web' },
      path: ['metadata', 'annotations', 'tierwall.dev/ports'],
    })
    expect(placed(manifests)).toEqual([
      [
        'web.yaml:7:25',
        'object-invalid',
        'metadata.annotations[tierwall.dev/ports] is 05000, which YAML reads as a number where text is wanted; put it in quotes: "05000"',
      ],
    ])
  })

  test('has its problem at its place in the file when it has no name', () => {
    const text = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels: {}\nspec: {}'
    expect(placed(readManifestText('web.yaml', text))).toEqual([
      ['web.yaml:3:1', 'object-invalid', 'metadata.name is missing; add it'],
    ])
  })
})

describe('the same object twice', () => {
  test('is a problem at the second place that names the first, which counts', () => {
    const manifests = readManifests([
      { file: 'a.yaml', text: `# first\n${deployment('web', 'api')}` },
      { file: 'b.yaml', text: deployment('web', 'db') },
    ])
    expect(manifests.objects.map(object => object.object.metadata.annotations)).toEqual([
      { 'tierwall.dev/tier': 'api' },
    ])
    expect(placed(manifests)).toEqual([
      [
        'b.yaml:1:1',
        'object-duplicate',
        'Deployment default/web stands here and in a.yaml:2, which is the one that counts; take one away, or give only files that belong together',
      ],
    ])
  })

  test('is no problem across namespaces and kinds', () => {
    const text = ['Deployment', 'StatefulSet'].flatMap(kind =>
      ['a', 'b'].map(
        namespace => `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: x, namespace: ${namespace}}, spec: {}}`,
      ),
    )
    expect(readManifestText('a.yaml', text.join('\n---\n'))).toMatchObject({ problems: [], objects: { length: 4 } })
  })
})

describe('an object that Tierwall does not read is a problem', () => {
  test.each([
    ['tierwall.dev/v1', 'AppTier', '1:13', 'there is no kind AppTier in tierwall.dev/v1'],
    ['tierwall.dev/v1alpha1', 'apptier', '2:7', 'there is no kind apptier in tierwall.dev/v1alpha1'],
    ['tierwall.io/v1alpha1', 'AppTier', '1:13', 'there is no kind AppTier in tierwall.io/v1alpha1'],
    ['tierwall.dev/v1alpha1', 'Tier', '2:7', 'there is no kind Tier in tierwall.dev/v1alpha1'],
  ])('when it is nearly an AppTier: %s %s', (apiVersion, kind, place, message) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: db}\nspec: {}`
    expect(placed(readManifestText('db.yaml', text))).toEqual([
      [`db.yaml:${place}`, 'object-invalid', `${message}; write apiVersion: tierwall.dev/v1alpha1 and kind: AppTier`],
    ])
  })

  test('when it has no apiVersion but the name of ours', () => {
    expect(placed(readManifestText('db.yaml', 'kind: AppTier'))[0]?.slice(1)).toEqual([
      'object-invalid',
      'there is no kind AppTier in an object without apiVersion; write apiVersion: tierwall.dev/v1alpha1 and kind: AppTier',
    ])
    expect(readManifestText('db.yaml', 'kind: AppTier\napiVersion: other.example/v1').problems).toEqual([])
  })

  test('when it is ours and has no name but a prefix for one', () => {
    const text = 'kind: AppTier\napiVersion: tierwall.dev/v1alpha1\nmetadata: {generateName: db-}\nspec: {}'
    expect(placed(readManifestText('db.yaml', text))).toEqual([
      ['db.yaml:3:1', 'object-invalid', 'metadata.name is missing; add it'],
    ])
  })

  test.each([
    ['apps/v1beta1', 'Deployment', 'write apiVersion: apps/v1'],
    ['argoproj.io/v1alpha1', 'Rollout', 'write an AppTier whose selector names its pods'],
  ])('when it carries our annotations: %s %s', (apiVersion, kind, fix) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\n  annotations:\n    tierwall.dev/tier: web`
    expect(placed(readManifestText('web.yaml', text))).toEqual([
      [
        'web.yaml:6:24',
        'annotation-misplaced',
        `tierwall.dev/tier stands on a ${kind} of ${apiVersion}, which Tierwall does not read; ${fix}`,
      ],
    ])
  })
})
