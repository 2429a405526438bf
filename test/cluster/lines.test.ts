import { describe, expect, test } from 'vitest'
import { LineReader } from '../../src/cluster/connect/lines.ts'
import fc from '../seeded.ts'

describe('the lines of a watch', () => {
  test('are read whole, wherever the network cuts them', () => {
    const lines = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.jsonValue()), { maxLength: 8 })
    fc.assert(
      fc.property(lines, fc.array(fc.nat(400), { maxLength: 20 }), (sent, places) => {
        const bytes = Buffer.from(sent.map(line => `${JSON.stringify(line)}\n`).join(''))
        const cuts = [0, ...places.filter(place => place < bytes.length).sort((a, b) => a - b), bytes.length]
        const read: unknown[] = []
        const reader = new LineReader(line => read.push(line))
        for (const [index, from] of cuts.entries()) reader.read(bytes.subarray(from, cuts[index + 1]))
        expect(read).toEqual(sent.map(line => JSON.parse(JSON.stringify(line))))
      }),
    )
  })

  test('are handed over as soon as they are whole', () => {
    const read: unknown[] = []
    const reader = new LineReader(line => read.push(line))
    reader.read(Buffer.from('{"a":1}\n{"b"'))
    expect(read).toEqual([{ a: 1 }])
    reader.read(Buffer.from(':2}\n'))
    expect(read).toEqual([{ a: 1 }, { b: 2 }])
  })

  test('may be empty, which means nothing', () => {
    const read: unknown[] = []
    new LineReader(line => read.push(line)).read(Buffer.from('\n\n1\n'))
    expect(read).toEqual([1])
  })
})
