import { describe, expect, test } from 'vitest'
import { type DiffLine, diffLines } from '../../../src/report/plan/diff.ts'
import fc from '../../seeded.ts'

const signs = { same: ' ', removed: '-', added: '+', gap: '~' } as const
const write = (lines: readonly DiffLine[]) =>
  lines.map(({ is, text }) => `${signs[is]}${is === 'gap' ? '' : text}`).join('')
const diff = (before: string, after: string) => write(diffLines([...before], [...after]))

describe('a diff', () => {
  test('has the lines that go and those that come, where they stand', () => {
    expect(diff('abc', 'axc')).toBe(' a-b+x c')
    expect(diff('abc', 'abcd')).toBe(' a b c+d')
    expect(diff('abc', 'bc')).toBe('-a b c')
  })

  test('of something new is all of it', () => {
    expect(diff('', 'ab')).toBe('+a+b')
    expect(diff('ab', '')).toBe('-a-b')
  })

  test('of the same is nothing', () => {
    expect(diff('abc', 'abc')).toBe('')
  })

  test('leaves out what stays far from what changes', () => {
    expect(diff('abcdefghij', 'abcdeXghij')).toBe('~ c d e-f+X g h i~')
    expect(diff('abcdefghijklm', 'Xbcdefghijklm')).toBe('-a+X b c d~')
  })

  test('finds the fewest lines that differ', () => {
    expect(diff('abcabba', 'cbabac').match(/[-+]/g)).toHaveLength(5)
  })

  test('turns one text into the other', () => {
    // Short enough for nothing to be left out.
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after)
        const keep = (other: DiffLine['is']) => lines.filter(({ is }) => is !== other).map(({ text }) => text)
        const isSame = before.join() === after.join()
        expect(keep('added')).toEqual(isSame ? [] : before)
        expect(keep('removed')).toEqual(isSame ? [] : after)
      }),
    )
  })

  test('of long texts that have nothing in common is done in no time', () => {
    const [before, after] = ['a', 'b'].map(letter => Array.from({ length: 5_000 }, (_, at) => `${letter}${at}`))
    const started = performance.now()
    expect(diffLines(before ?? [], after ?? [])).toHaveLength(10_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
