/** Which namespaces an earlier probe left behind: by their name, their label, and how long it may have been at work. */
import { probeLabel } from './objects.ts'

const namePattern = /^tierwall-probe-[a-z0-9]{8}$/
/** Seconds past its own end in which a probe clears up. */
const grace = 120

export function nameNamespace(random: () => number): string {
  const letters = Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36))
  return `tierwall-probe-${letters.join('')}`
}

export interface SeenNamespace {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly creationTimestamp?: string | undefined
}

/** When it was made, where nobody can be at work in it any more. Both name and label count: neither alone is ours. */
export function findLeftover({ name, labels, creationTimestamp }: SeenNamespace, now: number): number | undefined {
  if (!namePattern.test(name) || !Object.hasOwn(labels, probeLabel)) return undefined
  const seconds = Number(labels[probeLabel])
  const made = Date.parse(creationTimestamp ?? '')
  if (Number.isNaN(seconds) || Number.isNaN(made)) return undefined
  return now > made + (seconds + grace) * 1_000 ? made : undefined
}
