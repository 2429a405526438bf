import { expect, test } from 'vitest'
import { ObjectStore } from '../../src/cluster/reflector/store.ts'

const entry = (generation: number, value: unknown) => ({ uid: 'u', generation, value })

test('what is equal stays the object that it was, in the generation that came last', () => {
  const store = new ObjectStore<unknown>()
  const first = { says: 'web' }
  store.put('shop/web', entry(1, first))
  expect(store.put('shop/web', entry(2, { says: 'web' }))).toEqual([])
  expect(store.entry('shop/web')).toMatchObject({ generation: 2 })
  expect(store.get('shop/web')).toBe(first)
  expect(store.replace(new Map([['shop/web', entry(3, { says: 'web' })]]), 'not-listed')).toEqual([])
  expect(store.entry('shop/web')).toMatchObject({ generation: 3 })
  expect(store.get('shop/web')).toBe(first)
})

test('another object of the same name is another object, also where it says the same', () => {
  const store = new ObjectStore<unknown>()
  store.put('shop/web', entry(1, { says: 'web' }))
  const changes = store.put('shop/web', { uid: 'v', generation: 1, value: { says: 'web' } })
  expect(changes.map(({ type }) => type)).toEqual(['removed', 'added'])
})
