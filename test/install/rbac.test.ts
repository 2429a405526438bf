import { describe, expect, test } from 'vitest'
import { rulesFor, rulesForEvents, rulesWithin } from '../../src/install/rules.ts'
import { rights } from '../../src/live/resources.ts'
import { findObject, readManifest } from './objects.ts'

type Rules = ReturnType<typeof rulesFor>

/** `create networking.k8s.io/networkpolicies`, with the names behind it where there are some. */
function spread(rules: Rules): string[] {
  return rules
    .flatMap(({ rule: { apiGroups, resources, resourceNames = [], verbs } }) =>
      apiGroups.flatMap(group =>
        resources.flatMap(resource =>
          verbs.map(verb => [`${verb} ${group}/${resource}`, ...resourceNames].join(' of ')),
        ),
      ),
    )
    .sort()
}

function rightsAt(place: string): string[] {
  return rights
    .filter(({ where }) => where === place)
    .flatMap(({ group, resource, verbs }) => verbs.map(verb => `${verb} ${group}/${resource}`))
    .sort()
}

describe('the rules', () => {
  test.each(['everywhere', 'dns', 'apiserver'] as const)('of what is needed %s are the rights, and no more', place => {
    expect(spread(rulesFor(place))).toEqual(rightsAt(place))
  })

  test('hold the operator to its own Lease, save where a name cannot be given', () => {
    expect(spread(rulesFor('operator'))).toEqual([
      'create coordination.k8s.io/leases',
      'get coordination.k8s.io/leases of tierwall-operator',
      'update coordination.k8s.io/leases of tierwall-operator',
    ])
  })

  test('within a namespace are those of everywhere, but of Namespaces only what a Role reaches', () => {
    const others = rightsAt('everywhere').filter(right => !right.endsWith(' /namespaces'))
    expect(spread(rulesWithin())).toEqual([...others, 'get /namespaces', 'watch /namespaces'].sort())
  })

  test('for Events on Namespaces are those for Events', () => {
    expect(spread(rulesForEvents())).toEqual(rightsAt('everywhere').filter(right => right.endsWith('/events')))
  })

  test('name no resource, group or verb by a star', () => {
    const all = [...(['everywhere', 'dns', 'apiserver', 'operator'] as const).flatMap(rulesFor), ...rulesWithin()]
    expect(spread(all).filter(right => right.includes('*'))).toEqual([])
  })
})

test('every role of the operator is bound to its ServiceAccount, and to nobody else', () => {
  const files = ['config/base/rbac.yaml', 'config/namespaced/each/rbac.yaml', 'config/namespaced/events.yaml']
  for (const file of files) {
    const objects = readManifest(file)
    const roles = objects.filter(
      ({ kind, metadata }) => kind.endsWith('Role') && metadata.name.startsWith('tierwall-operator'),
    )
    expect(roles).not.toEqual([])
    for (const { kind, metadata } of roles) {
      const place = metadata.namespace === undefined ? '' : `${metadata.namespace}/`
      expect(findObject(objects, `${kind}Binding ${place}${metadata.name}`)).toMatchObject({
        roleRef: { kind, name: metadata.name },
        subjects: [{ kind: 'ServiceAccount', name: 'tierwall-operator', namespace: 'tierwall-system' }],
      })
    }
  }
})
