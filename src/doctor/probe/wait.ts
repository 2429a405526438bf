/** Looks at a pod of the probe until it is as far as is asked for, will get no further, or the time is over. */
import { z } from 'zod'
import { describeFailure, isStatus } from '../../cluster/failure.ts'
import { sleep } from '../../cluster/given.ts'
import { pathOf } from '../../cluster/resource.ts'
import { pods } from '../../live/resources.ts'
import { lookAt } from '../look.ts'
import { describeWait, findDeadEnd, type PodState, readPod, writeBoth } from './pod-state.ts'
import { type Unknown, unknown } from './probed.ts'
import { interrupted, isOver, pause, type Site } from './site.ts'

export async function waitForPod<T>(
  site: Site,
  name: string,
  judge: (pod: PodState) => T | undefined,
): Promise<T | Unknown> {
  const { send, clock, signal, namespace, tell } = site
  let wait: string | undefined
  for (;;) {
    const reply = await send({ method: 'GET', path: pathOf(pods, { namespace, name }) })
    const pod = reply.ok ? readPod(reply.body) : undefined
    const verdict = pod && (findDeadEnd(pod) ?? judge(pod))
    if (verdict !== undefined) return verdict
    if (!reply.ok && isStatus(reply.failure, 404))
      return unknown(`somebody deleted pod ${name} meanwhile`, 'find out who, and try again')
    const said = reply.ok ? pod && describeWait(pod) : describeFailure(reply.failure)
    if (said !== undefined && said !== wait) tell(`pod ${name} waits: ${said}`)
    wait = said
    if (signal.aborted) return interrupted
    if (isOver(site)) return tooLate(site, name, wait ?? (await readLastWarning(site, name)))
    await sleep(clock, pause, signal)
  }
}

function tooLate({ seconds }: Site, name: string, wait: string | undefined): Unknown {
  const because = `pod ${name} was not through after ${seconds} s${wait === undefined ? '' : `: ${wait}`}`
  return unknown(
    because,
    wait === undefined ? 'give it more with --timeout' : 'mend that, or give it more with --timeout',
  )
}

const events = { group: '', version: 'v1', plural: 'events' } as const
const warnings = z.object({
  items: z.array(
    z.object({ type: z.string().default(''), reason: z.string().default(''), message: z.string().default('') }),
  ),
})

/** What a node could not do for a pod stands in Events alone. Who may not read them gets no reason. */
async function readLastWarning({ send, namespace }: Site, name: string): Promise<string | undefined> {
  const query = { fieldSelector: `involvedObject.name=${name}`, limit: 100 }
  const look = await lookAt(send, events, { namespace }, json => warnings.safeParse(json).data?.items, query)
  const last = 'seen' in look ? look.seen?.findLast(({ type }) => type === 'Warning') : undefined
  return last && writeBoth(last.reason, last.message)
}
