/** A page of Markdown → where its links lead, and where links to it may lead. */
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { type Page, readPage, root } from './pages.ts'

export interface Link {
  readonly target: string
  readonly anchor: string
}

/** Those within the repository; what is code is no link. */
export function findLinks({ text }: Page): readonly Link[] {
  const prose = text.replaceAll(/^( *)(`{3,})[\s\S]*?^\1\2\s*$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
  const html = [...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)]
  return [...inline, ...html]
    .map(([, url = '']) => url)
    .filter(url => !/^[a-z]+:/.test(url))
    .map(url => ({ target: url.replace(/#.*/, ''), anchor: /#(.*)/.exec(url)?.[1] ?? '' }))
}

/** What is wrong with a link of the page, if anything. */
export function findFault(page: Page, { target, anchor }: Link): string | undefined {
  const path = target === '' ? page.path : normalize(join(dirname(page.path), target))
  if (!existsSync(join(root, path))) return `${page.path}: there is no ${path}`
  if (anchor === '') return undefined
  return anchorsOf(readPage(path)).includes(anchor) ? undefined : `${page.path}: ${path} has no heading #${anchor}`
}

/** As GitHub makes them of the headings. */
export function anchorsOf({ text }: Page): readonly string[] {
  const prose = text.replaceAll(/^(`{3,})[\s\S]*?^\1\s*$/gm, '')
  const counts = new Map<string, number>()
  return [...prose.matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
    const count = counts.get(anchor) ?? 0
    counts.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}
