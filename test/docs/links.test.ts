import { describe, expect, test } from 'vitest'
import { anchorsOf, findFault, findLinks } from './links.ts'
import { type Page, pages, readPage, readPages } from './pages.ts'

const all: readonly Page[] = [
  ...pages,
  readPage('CONTRIBUTING.md'),
  ...readPages('examples'),
  ...readPages('monitoring'),
]

test.each(all)('every link of $path leads somewhere', page => {
  const faults = findLinks(page).flatMap(link => findFault(page, link) ?? [])
  expect(faults).toEqual([])
})

test('docs/README.md has every page of docs/', () => {
  const linked = findLinks(readPage('docs/README.md')).map(({ target }) => `docs/${target}`)
  const loose = pages
    .map(({ path }) => path)
    .filter(path => /^docs\/[^/]+$/.test(path) && path !== 'docs/README.md' && !linked.includes(path))
  expect(loose, 'add them to docs/README.md').toEqual([])
})

test('every picture says in words what it shows', () => {
  for (const { path, text } of all) {
    expect(text, path).not.toMatch(/!\[\s*\]\(/)
    for (const [tag] of text.matchAll(/<img\b[^>]*>/g)) expect(tag, path).toMatch(/\balt="[^"]{10,}"/)
  }
})

describe('the reader of links', () => {
  const page = (text: string): Page => ({ path: 'docs/page.md', text })

  test('passes over code and other sites', () => {
    expect(findLinks(page('[a](a.md#b "c") `[x](y)` [z](https://example.com)\n\n```\n[x](y)\n```\n'))).toEqual([
      { target: 'a.md', anchor: 'b' },
    ])
  })

  test('makes anchors as GitHub does', () => {
    expect(anchorsOf(page('# A `b`: c-d\n## [Two](x.md), twice?\n## Two, twice\n'))).toEqual([
      'a-b-c-d',
      'two-twice',
      'two-twice-1',
    ])
  })

  test('tells a page and a heading that are not there', () => {
    const here = page('# One\n')
    expect(findFault(here, { target: 'nowhere.md', anchor: '' })).toBe('docs/page.md: there is no docs/nowhere.md')
    expect(findFault(here, { target: 'metrics.md', anchor: 'nowhere' })).toBe(
      'docs/page.md: docs/metrics.md has no heading #nowhere',
    )
    expect(findFault(here, { target: 'metrics.md', anchor: 'worth-an-alert' })).toBeUndefined()
  })
})
