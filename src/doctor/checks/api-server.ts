/** Is the API server one that Tierwall works with, and which of its parts go without? */
import { type Check, couldNotLook, doubt, failure, fine, type Remark } from '../finding.ts'
import { isBefore, readVersion, type Version, writeVersion } from '../version.ts'

const oldest: Version = [1, 28, 0]

/** What goes without below a version. The first two keep policies from being what they say. */
const features: readonly { readonly since: Version; readonly what: string; readonly needed?: true }[] = [
  { since: [1, 21, 0], what: 'the label with the name of each namespace, which rules for DNS select', needed: true },
  { since: [1, 22, 0], what: 'port ranges', needed: true },
  { since: [1, 25, 0], what: 'the rules in the schema of AppTier' },
  { since: [1, 30, 0], what: 'admission policies, which refuse malformed annotations' },
]

function judge(text: string): Remark {
  const version = readVersion(text)
  if (!version)
    return doubt(`its version ${text} is none that can be read`, 'it may lack what Tierwall needs', 'tell us')
  const missing = features.filter(({ since }) => isBefore(version, since))
  const lacks = missing.map(({ what, since }) => `${what} (since ${writeVersion(since)})`).join(', and ')
  const fix = `bring it to ${writeVersion(oldest)} or later`
  if (missing.some(({ needed }) => needed)) return failure(`${text} is too old`, `it lacks ${lacks}`, fix)
  if (isBefore(version, oldest)) return doubt(`${text} is older than Tierwall is made for`, `it lacks ${lacks}`, fix)
  return missing.length === 0 ? fine(text) : { ...fine(text), why: `it lacks ${lacks}` }
}

export const apiServer: Check = {
  name: 'API server',
  judge: ({ version }) => ['unseen' in version ? couldNotLook(version.unseen) : judge(version.seen)],
}

export const policyApi: Check = {
  name: 'NetworkPolicy',
  judge: ({ servesPolicies: look }) => {
    if ('unseen' in look) return [couldNotLook(look.unseen)]
    if (look.seen) return [fine('networking.k8s.io/v1 is served')]
    const fix = 'switch networking.k8s.io/v1 on (--runtime-config of the API server)'
    return [failure('networking.k8s.io/v1 is not served', 'no policy can be written', fix)]
  },
}
