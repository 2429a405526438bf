import { describe, expect, test } from 'vitest'
import { type ExplainedRule, rulesFor, rulesForEvents, rulesWithin } from '../../src/install/rules.ts'
import { type Asked, isOfEverybody, isRefused, writeAll } from './audit.ts'
import { pathOf } from './cluster.ts'
import { workload } from './objects.ts'
import { withInstallation } from './rights-installation.ts'
import { takeTour } from './rights-tour.ts'

/** What the operator may do in each namespace; a Role reaches the Namespace that it is in as well. */
const roles: Readonly<Record<string, readonly ExplainedRule[]>> = {
  shop: rulesWithin(),
  default: [...rulesForEvents(), ...rulesFor('apiserver')],
  'kube-system': rulesFor('dns'),
  'tierwall-system': rulesFor('operator'),
}

const placeOf = ({ resource, namespace, name }: Asked) => (resource === 'namespaces' ? name : namespace)

const isIn = (place: string) => (asked: Asked) => placeOf(asked) === place

function allows({ rule }: ExplainedRule, { group, resource, verb, name }: Asked): boolean {
  const { apiGroups, resources, verbs, resourceNames = [name] } = rule
  return [
    apiGroups.includes(group),
    resources.includes(resource),
    verbs.includes(verb),
    resourceNames.includes(name),
  ].every(Boolean)
}

describe('the operator of some namespaces, with the rights that config/namespaced gives it', () => {
  let asked: readonly Asked[] = []
  let inOther: unknown
  withInstallation({ overlays: ['config/namespaced'], namespaces: ['shop', 'other'] }, async installation => {
    await installation.cluster.apply(workload('other', 'web', { tier: 'web' }))
    await takeTour(installation, 'shop', ['--namespaces', 'shop'])
    asked = await installation.audit.read()
    inOther = (await installation.plane.request('GET', pathOf('NetworkPolicy', 'other'))).body
  })

  test('does its work and is refused nothing', () => {
    expect(asked.length).toBeGreaterThan(50)
    expect(writeAll(asked.filter(isRefused))).toEqual([])
  })

  test('leaves the others alone', () => {
    expect(inOther).toMatchObject({ items: [] })
  })

  test('asks for nothing outside of the namespaces that it has Roles in', () => {
    const places = asked.filter(one => !isOfEverybody(one)).map(placeOf)
    expect(new Set(places)).toEqual(new Set(Object.keys(roles)))
  })

  test.each(Object.entries(roles))('in %s asks for what it may, and for all of it', (place, rules) => {
    const here = asked.filter(isIn(place))
    expect(writeAll(here.filter(one => !rules.some(rule => allows(rule, one))))).toEqual([])
    const unused = rules.flatMap(({ rule, because }) =>
      rule.apiGroups.flatMap(group =>
        rule.resources.flatMap(resource =>
          rule.verbs
            .filter(verb => !here.some(one => one.group === group && one.resource === resource && one.verb === verb))
            .map(verb => `${verb} ${group}/${resource}: ${because}`),
        ),
      ),
    )
    expect(unused).toEqual([])
  })
})
