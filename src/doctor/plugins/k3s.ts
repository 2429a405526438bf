/** k3s, whose own process enforces policies; what it was started with stands on its nodes. */
import { z } from 'zod'
import type { Node } from '../facts.ts'
import type { NodeKind } from './plugin.ts'
import { flagOf } from './words.ts'

const nodeArgs = 'k3s.io/node-args'
const words = z.array(z.string())

export const k3s: NodeKind = {
  name: 'k3s',
  where: 'its built-in policy controller, kube-router',
  isOn: ({ version }) => version.includes('+k3s'),
  judge: nodes =>
    nodes.some(isSwitchedOff)
      ? {
          is: 'off',
          because: 'was started with --disable-network-policy',
          fix: 'take that flag away and restart k3s, or install a plugin that enforces',
        }
      : { is: 'on' },
}

function isSwitchedOff({ annotations }: Node): boolean {
  const flag = flagOf(readArgs(annotations[nodeArgs] ?? '[]'), 'disable-network-policy')
  return flag !== undefined && flag !== 'false'
}

function readArgs(text: string): readonly string[] {
  try {
    return words.safeParse(JSON.parse(text)).data ?? []
  } catch {
    return []
  }
}
