/** Edits → what users write to a real API server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { appTier, namespace, networkPolicy } from '../objects.ts'
import type { Admin } from './admin.ts'
import type { ByHandHow, Edit, Said, Slot } from './edits.ts'
import type { Hands } from './hands.ts'
import { makeWorkload, placeOf } from './places.ts'

export interface Stage {
  readonly spaces: readonly string[]
  readonly users: Hands
  readonly admin: Pick<Admin, 'configure'>
  /** Names of the policies of Tierwall that are there. */
  readonly policiesIn: (space: string) => readonly string[]
}

export type Play = (edit: Edit) => Promise<void>

interface Workload {
  readonly shape: number
  readonly said: Said
}

interface Space {
  readonly mode: string | undefined
  readonly project: string | undefined
}

export function makePlayer({ spaces, users, admin, policiesIn }: Stage): Play {
  const workloads = new Map<string, Workload>()
  const made = new Map<number, Space>()
  const at = (slot: Slot) => placeOf(slot, spaces)
  const keyOf = (slot: Slot) => `${slot.space} ${slot.workload}`
  const named = (text: string) => text.replaceAll(/@(\d)/g, (_, index) => spaces[Number(index)] ?? '')
  const everywhere = <T extends object>(said: T): T => JSON.parse(named(JSON.stringify(said)))
  const putWorkload = async (slot: Slot, { shape, said }: Workload) => {
    workloads.set(keyOf(slot), { shape, said })
    const words = Object.fromEntries(Object.entries(said).map(([key, text]) => [key, named(text)]))
    await users.apply(makeWorkload(at(slot), words, shape))
  }
  const say = (slot: Slot, said: Said) => putWorkload(slot, { shape: workloads.get(keyOf(slot))?.shape ?? 0, said })
  const putSpace = async (space: number, change: Partial<Space>) => {
    const { mode, project } = { mode: undefined, project: undefined, ...made.get(space), ...change }
    made.set(space, { mode, project })
    const annotations = mode === undefined ? {} : { isolation: mode }
    await users.apply(namespace(spaces[space] ?? '', annotations, project === undefined ? {} : { project }))
  }
  return async edit => {
    switch (edit.is) {
      case 'say':
        return say(edit.slot, edit.said)
      case 'become':
        return say(edit.slot, workloads.get(keyOf(edit.like))?.said ?? {})
      case 'consent': {
        const [client, server] = [edit.client, edit.server].map(slot => workloads.get(keyOf(slot))?.said ?? {})
        const tierOf = (said: Said | undefined, slot: Slot) => `${said?.tier ?? 't1'}.${at(slot).namespace}`
        const toward = { 'allow-to': `${tierOf(server, edit.server)}:80` }
        const from = { 'allow-from': `${tierOf(client, edit.client)}:80` }
        if (edit.sides !== 'server') await say(edit.client, { ports: '80', tier: 't1', ...client, ...toward })
        if (edit.sides !== 'client') await say(edit.server, { ports: '80', tier: 't1', ...server, ...from })
        return
      }
      case 'make anew':
        await users.remove(at(edit.slot))
        await sleep(edit.pause)
        return putWorkload(edit.slot, edit)
      case 'remove':
        workloads.delete(keyOf(edit.slot))
        await users.remove(at(edit.slot))
        return
      case 'tier':
      case 'foreign': {
        const kind = edit.is === 'tier' ? 'AppTier' : 'NetworkPolicy'
        const space = spaces[edit.space] ?? ''
        const make = edit.is === 'tier' ? appTier : networkPolicy
        if (edit.spec) await users.apply(make(space, edit.name, edit.spec))
        else await users.remove({ kind, namespace: space, name: edit.name })
        return
      }
      case 'isolate':
        return putSpace(edit.space, { mode: edit.mode })
      case 'label':
        return putSpace(edit.space, { project: edit.project })
      case 'put':
        return users.apply(everywhere(edit.object))
      case 'take away':
        await users.remove(everywhere(edit.at))
        return
      case 'configure':
        return admin.configure(everywhere(edit.configuration))
      case 'by hand': {
        const space = spaces[edit.space] ?? ''
        const policies = policiesIn(space)
        const name = policies[edit.pick % policies.length]
        if (name !== undefined) await meddle(users, { kind: 'NetworkPolicy', namespace: space, name }, edit.how)
      }
    }
  }
}

async function meddle(users: Hands, at: Parameters<Hands['change']>[0], how: ByHandHow): Promise<void> {
  if (how === 'deleted') await users.remove(at)
  if (how === 'opened') await users.change(at, { spec: { ingress: [{}] } })
  if (how === 'narrowed') await users.change(at, { spec: { egress: null } })
  if (how === 'relabelled')
    await users.change(at, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } })
}
