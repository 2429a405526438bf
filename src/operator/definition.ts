/**
 * Is the AppTier resource there to stay? While its definition is being deleted, the API server deletes every AppTier and
 * goes on serving them; that it takes no new ones shows in what it says of itself. Nobody needs a right to ask for that.
 */
import { z } from 'zod'
import type { Clock, Send } from '../cluster/index.ts'
import { isStatus } from '../cluster/index.ts'
import { resources } from '../live/resources.ts'

const discovery = z.object({ resources: z.array(z.object({ name: z.string(), verbs: z.array(z.string()) })) })

/** Nothing where the API server did not say. */
export async function isAppTierDefined(send: Send): Promise<boolean | undefined> {
  const { group, version, plural } = resources.appTiers
  const reply = await send({ method: 'GET', path: `/apis/${group}/${version}` })
  if (!reply.ok) return isStatus(reply.failure, 404) ? false : undefined
  const read = discovery.safeParse(reply.body)
  if (!read.success) return undefined
  return read.data.resources.some(({ name, verbs }) => name === plural && verbs.includes('create'))
}

export interface Definition {
  /** An AppTier was deleted. */
  readonly doubt: () => void
  /** As the watch of AppTiers sees it. */
  readonly setServed: (served: boolean) => void
  readonly stop: () => void
}

export interface DefinitionOptions {
  readonly send: Send
  readonly clock: Clock
  readonly onServes: (served: boolean) => void
  /** It is another one now: a watch of the old one may stay open and say nothing. */
  readonly onReturn: () => void
}

const retry = 1_000
const recheck = 5_000
/** Whoever installs the definition anew needs a moment for the AppTiers as well. */
const grace = 10_000

export function followDefinition({ send, clock, onServes, onReturn }: DefinitionOptions): Definition {
  let is: 'there' | 'doubted' | 'gone' | 'returning' | 'stopped' = 'there'
  let served = true
  let cancel = () => {}
  const become = (next: typeof is) => {
    if (is === 'stopped') return
    is = next
    cancel()
  }
  const settle = () => {
    become('there')
    onServes(true)
  }
  const later = (ms: number, run: () => void) => {
    cancel()
    cancel = clock.after(ms, run)
  }
  const lose = () => {
    become('gone')
    onServes(false)
    // It may be deleted and created again between two looks of the watch.
    if (served) later(recheck, ask)
  }
  const welcome = () => {
    become('returning')
    onReturn()
    later(grace, settle)
  }
  const ask = async () => {
    const asked = is
    const defined = await isAppTierDefined(send)
    if (is !== asked) return
    if (defined === undefined) later(retry, ask)
    else if (!defined) lose()
    else if (asked === 'doubted') settle()
    else welcome()
  }
  return {
    doubt() {
      if (is !== 'there') return
      become('doubted')
      ask()
    },
    setServed(now) {
      served = now
      if (!now && is !== 'gone') lose()
      else if (now && is === 'gone') welcome()
    },
    stop: () => become('stopped'),
  }
}
