/** What a test cannot do without, and a machine may not have: then the test is skipped, and in CI it fails. */
interface Missing {
  readonly missing: string
}

export function needed<Found extends object>(found: Found | Missing, skip: (note: string) => never): Found {
  return 'missing' in found ? skip(admit(found).missing) : found
}

/** As it is, but in CI. */
export function admit<Found extends object>(found: Found): Found {
  if ('missing' in found && process.env.CI === 'true') throw new Error(String(found.missing))
  return found
}
