import { describe, expect, test } from 'vitest'
import { readValue } from '../../src/manifests/value.ts'
import { parseYaml } from '../../src/manifests/yaml.ts'

function read(text: string): unknown {
  const root = parseYaml(text)
  const value = 'value' in root ? readValue(root.value) : root
  return 'value' in value
    ? value.value
    : { offset: value.fault.offset, message: value.fault.message, fix: value.fault.fix }
}

describe('keys', () => {
  test('that are numbers or booleans become text, as JSON has no others', () => {
    expect(read('{8080: a, yes: b, 1.5: c}')).toEqual({ 8080: 'a', true: 'b', 1.5: 'c' })
  })

  test('that stand twice are a fault at the second', () => {
    expect(read('a: 1\nb: 2\na: 3')).toEqual({
      offset: 10,
      message: "the key 'a' stands twice in one map",
      fix: 'take one of the two away',
    })
  })

  test('that are the same only once they are text stand twice all the same', () => {
    expect(read('yes: 1\n"true": 2')).toMatchObject({ message: "the key 'true' stands twice in one map" })
  })

  test('that are missing, maps or lists are a fault', () => {
    expect(read('~: 1')).toMatchObject({ offset: 0, message: 'a key is missing' })
    expect(read('a: {[b]: 1}')).toMatchObject({ offset: 4, message: 'a key is no text but a map or a list' })
  })

  test('named __proto__ are keys like any other', () => {
    const value = read('__proto__: {a: 1}')
    expect(Object.keys(value ?? {})).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

describe('aliases', () => {
  test('stand for what their anchor holds', () => {
    expect(read('a: &x {b: 1}\nc: *x\nd: [*x]')).toEqual({ a: { b: 1 }, c: { b: 1 }, d: [{ b: 1 }] })
  })

  test('take the last anchor of that name before them', () => {
    expect(read('[&x 1, *x, &x 2, *x]')).toEqual([1, 1, 2, 2])
  })

  test('without an anchor are a fault that offers quotes, since *.NAMESPACE is a peer', () => {
    expect(read('from: *.monitoring')).toEqual({
      offset: 6,
      message: '*.monitoring names an anchor that is not defined',
      fix: 'put it in quotes if text is meant: "*.monitoring"',
    })
  })

  test('that contain themselves are a fault', () => {
    expect(read('a: &x [*x]')).toMatchObject({ message: '*x names an anchor that is not defined' })
  })

  test('that unfold into millions of values are a fault, and quickly', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 20; level++)
      bomb.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`)
    const start = performance.now()
    expect(read(bomb.join('\n'))).toMatchObject({
      message: 'the aliases of this document unfold into over 100000 values',
    })
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('of a merge key count as well', () => {
    const bomb = ['a0: &a0 {x: [1, 2, 3, 4, 5, 6, 7, 8, 9]}']
    for (let level = 1; level < 12; level++)
      bomb.push(
        `a${level}: &a${level} {${Array.from({ length: 9 }, (_, key) => `k${key}: {<<: *a${level - 1}}`).join(', ')}}`,
      )
    expect(read(bomb.join('\n'))).toMatchObject({ message: expect.stringContaining('unfold') })
  })
})

describe('a merge key', () => {
  test('brings the keys that the map does not have itself', () => {
    expect(read('base: &b {k: 1, l: 2}\nm: {<<: *b, l: 3}')).toEqual({ base: { k: 1, l: 2 }, m: { k: 1, l: 3 } })
  })

  test('with a list takes each key from the first map that has it', () => {
    expect(read('m: {<<: [{k: 1}, {k: 2, l: 2}]}')).toEqual({ m: { k: 1, l: 2 } })
  })

  test('in quotes is a key like any other', () => {
    expect(read('"<<": {x: 1}')).toEqual({ '<<': { x: 1 } })
  })

  test('after a key that it brings as well is a fault, since kubectl and YAML disagree on who wins', () => {
    expect(read('name: a\n<<: {name: b}')).toEqual({
      offset: 8,
      message: "'name' stands before a << that has it as well",
      fix: 'write << first',
    })
  })

  test('of anything but maps is a fault', () => {
    expect(read('<<: 5')).toMatchObject({ offset: 4, message: '<< takes maps only' })
    expect(read('<<: {a: 1}\nb: 2\n<<: {c: 1}')).toMatchObject({ offset: 16, fix: 'write <<: [*first, *second]' })
  })
})
