import { describe, expect, test } from 'vitest'
import { type Right, rights } from '../../src/live/resources.ts'
import { type Asked, isOfEverybody, isRefused, isStreamedList, writeAll } from './audit.ts'
import { withInstallation } from './rights-installation.ts'
import { takeTour } from './rights-tour.ts'

const places: Readonly<Record<Right['where'], string | undefined>> = {
  everywhere: undefined,
  dns: 'kube-system',
  apiserver: 'default',
  operator: 'tierwall-system',
}

function covers({ group, resource, verbs, where }: Right, asked: Asked): boolean {
  const place = places[where]
  return (
    group === asked.group &&
    resource === asked.resource &&
    verbs.some(verb => verb === asked.verb) &&
    (place === undefined || place === asked.namespace)
  )
}

describe('the operator with the rights that config/default gives it', () => {
  let asked: readonly Asked[] = []
  const overlays = ['config/default', 'config/admission/reserved']
  withInstallation({ overlays, namespaces: ['shop'] }, async installation => {
    await takeTour(installation, 'shop', [])
    asked = await installation.audit.read()
  })

  test('does its work and is refused nothing, whether lists are streamed or not', () => {
    expect(writeAll(asked.filter(isRefused))).toEqual([])
    expect(asked.some(isStreamedList)).toBe(true)
    expect(asked.some(({ verb, resource }) => verb === 'list' && resource === 'deployments')).toBe(true)
  })

  test('asks for nothing that the list of rights does not name', () => {
    const others = asked.filter(one => !isOfEverybody(one) && !rights.some(right => covers(right, one)))
    expect(writeAll(others)).toEqual([])
  })

  test('uses every one of them', () => {
    const unused = rights.flatMap(right =>
      right.verbs
        .filter(verb => !asked.some(one => covers({ ...right, verbs: [verb] }, one)))
        .map(verb => `${verb} ${right.group}/${right.resource} ${right.where}`),
    )
    expect(unused).toEqual([])
  })
})
