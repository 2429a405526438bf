/** What stands in the way of a release, a sentence each with what to do. Pure. */
import { findSection } from './changelog.ts'
import type { Facts } from './facts.ts'

export interface Complaint {
  readonly text: string
  /** Nothing is built either where only a draft is wanted. */
  readonly isForDrafts: boolean
}

export function findComplaints(facts: Facts): readonly Complaint[] {
  const { versions, tag } = facts
  const version = versionOf(facts)
  const others = Object.entries(versions).filter(([, other]) => other !== version)
  const always = (text: string): Complaint => ({ text, isForDrafts: true })
  return [
    ...(isVersion(version) ? [] : [always(`package.json's version ${version} is no version as SemVer has them`)]),
    ...others.map(([place, other]) => always(`${place} says ${other}, and package.json ${version}: make them one`)),
    ...(tag === undefined || tag === `v${version}`
      ? []
      : [always(`the tag is ${tag}, and package.json says ${version}: tag v${version}`)]),
    ...[...checkChangelog(facts, version), ...checkTree(facts)].map(text => ({ text, isForDrafts: false })),
  ]
}

/** The one that all others have to be. */
export function versionOf({ versions }: Pick<Facts, 'versions'>): string {
  return versions['package.json'] ?? ''
}

const isVersion = (text: string) => /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(text)

function checkChangelog({ changelog }: Facts, version: string): readonly string[] {
  const section = findSection(changelog, version)
  if (section === undefined) return [`CHANGELOG.md has nothing on ${version}: write a section "## [${version}] - DATE"`]
  if (section.date === undefined) return [`CHANGELOG.md has no date for ${version}: write "## [${version}] - DATE"`]
  return section.text === '' ? [`CHANGELOG.md says nothing on ${version}: write what users get`] : []
}

const mostNamed = 3

function checkTree({ uncommitted }: Facts): readonly string[] {
  const named = uncommitted.slice(0, mostNamed).join(', ')
  const left = uncommitted.length - mostNamed
  if (uncommitted.length === 0) return []
  return [`there is what no commit has: ${named}${left > 0 ? ` and ${left} more` : ''}`]
}
