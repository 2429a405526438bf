/** CHANGELOG.md, as keepachangelog.com has it → what it says of one version. */

export interface Section {
  /** Undefined as long as it is not out. */
  readonly date: string | undefined
  readonly text: string
}

export function findSection(changelog: string, version: string): Section | undefined {
  const [, ...parts] = changelog.split(/^## /m)
  const part = parts.find(text => text.startsWith(`[${version}]`))
  if (part === undefined) return undefined
  const [heading = '', ...lines] = part.split('\n')
  // Links to versions stand below the last section.
  const text = lines.filter(line => !/^\[[^\]]+\]: \S+$/.test(line)).join('\n')
  return { date: /^\[[^\]]+\] - (\d{4}-\d{2}-\d{2})$/.exec(heading.trim())?.[1], text: text.trim() }
}
