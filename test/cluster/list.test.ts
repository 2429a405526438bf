import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Connection, connectTo } from '../../src/cluster/connect/index.ts'
import { listPages } from '../../src/cluster/list.ts'
import { pathOf } from '../../src/cluster/resource.ts'
import { given } from './given.ts'
import { describe, makeName, plane, targetAt } from './plane.ts'

let connection: Connection
const namespace = makeName('list')
const configMaps = { group: '', version: 'v1', plural: 'configmaps' }
const path = pathOf(configMaps, { namespace })

beforeAll(async () => {
  connection = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
  await connection.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await connection.request({ method: 'POST', path, body: { metadata: { name, labels: { name } } } })
})
afterAll(() => connection.close())

describe('a list', () => {
  test.each([undefined, 2, 5, 500])('is whole with pages of %s, and each object says what it is', async pageSize => {
    const found: unknown[] = []
    const query = { labelSelector: 'name' }
    expect(await listPages(connection.request, { path, query, pageSize }, item => found.push(item))).toMatchObject({
      ok: true,
    })
    expect(found).toHaveLength(5)
    expect(found[4]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'e' } })
  })

  test('that fails says so as a value', async () => {
    const nowhere = '/apis/tierwall.test/v1/nothings'
    expect(await listPages(connection.request, { path: nowhere }, () => {})).toMatchObject({
      ok: false,
      failure: { code: 404 },
    })
    expect(await listPages(connection.request, { path: '/version' }, () => {})).toMatchObject({
      failure: { kind: 'parse' },
    })
  })
})
