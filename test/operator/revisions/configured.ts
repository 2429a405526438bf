/** What the cluster's admin says, and since when: a file has no revision of its own. */
import { type Configuration, defaultConfiguration, readConfiguration } from '../../../src/api/configuration.ts'

export interface Configured {
  /** The last one before it was written. */
  readonly revision: number
  /** When it was written, in the milliseconds of the recording. */
  readonly at: number
  readonly configuration: Configuration
  /** Equal for those that say the same. */
  readonly text: string
}

/** An operator looks at the file once a second, and on a busy machine somewhat later. */
export const longestUnnoticed = 2_000

/** Of those that were said one after the other, the ones before the last that somebody may still go by. */
export function stillFollowed(said: readonly Configured[], at: number): readonly Configured[] {
  return said.slice(0, -1).filter((_, index) => (said[index + 1]?.at ?? at) + longestUnnoticed > at)
}

export const unconfigured: Configured = {
  revision: 0,
  at: Number.NEGATIVE_INFINITY,
  configuration: defaultConfiguration,
  text: '{}',
}

export function configuredAs(json: unknown, revision: number, at: number): Configured {
  const { configuration, faults } = readConfiguration(json)
  const [fault] = faults
  if (fault) throw new Error(`${fault.path.join('.')}: ${fault.fault.message}`)
  return { revision, at, configuration, text: JSON.stringify(json) }
}
