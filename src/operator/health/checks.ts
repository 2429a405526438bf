/** Named checks → the text of a health page, and whether all of them hold. */
import { onOneLine } from '../../report/one-line.ts'

export interface Health {
  readonly ok: boolean
  readonly because: string
}

/** Answers from what is known already: a check that waits would make whoever asks wait. */
export type Checks = Readonly<Record<string, () => Health>>

export function runChecks(checks: Checks): { readonly ok: boolean; readonly text: string } {
  const results = Object.entries(checks).map(([name, check]) => ({ name, ...runSafely(check) }))
  const lines = results.map(({ name, ok, because }) =>
    ok ? `[+]${name} ok` : `[-]${name} failed: ${onOneLine(because)}`,
  )
  return { ok: results.every(({ ok }) => ok), text: `${lines.join('\n') || 'ok'}\n` }
}

function runSafely(check: () => Health): Health {
  try {
    return check()
  } catch (error) {
    return { ok: false, because: String(error) }
  }
}
