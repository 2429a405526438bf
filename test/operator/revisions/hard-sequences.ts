/** Sequences of edits in which the order of writes matters, each for a reason. */
import type { Burst, Edit, Said, Sequence } from './edits.ts'

const slot = (workload: number, space = 0) => ({ space, workload })
const [a, b, c, d, e] = [slot(0), slot(1), slot(2), slot(3), slot(4)]
const say = (at: typeof a, said: Said): Edit => ({ is: 'say', slot: at, said })
const tier = (spec: object | undefined): Edit => ({ is: 'tier', space: 0, name: 'one', spec })
const burst = (...edits: readonly Edit[]): Burst => {
  return { edits: edits.map(edit => ({ edit, pause: 0 })), falls: undefined, settles: true }
}
/** Nobody looks while these are made: whoever comes next sees them as one change. */
const unseen = (...edits: readonly Edit[]): Burst => ({ ...burst(...edits), falls: { after: 0, how: 'dies' } })

const nobody: Said = { ports: '80', 'allow-from': 'none', 'allow-to': 'none' }
const port80 = [{ port: 80 }]
const group = (name: string) => ({ matchLabels: { group: name } })

export const hardSequences: Readonly<Record<string, Sequence>> = {
  'one edit shuts one side of a flow and opens the other': {
    start: [
      say(a, { tier: 't1' }),
      say(b, { tier: 't1' }),
      tier({ tier: 't1', ports: port80, from: [], to: [{ cluster: true, ports: port80 }] }),
    ],
    bursts: [
      burst(tier({ tier: 't1', ports: port80, from: [{ cluster: true }], to: [] })),
      burst(tier({ tier: 't1', ports: port80, from: [], to: [{ cluster: true, ports: port80 }] })),
    ],
  },
  'a flow moves from an AppTier to an annotation': {
    start: [
      say(a, { tier: 't1', ...nobody }),
      say(c, {}),
      tier({ tier: 't2', selector: group('y'), ports: port80, from: [{ tier: 't1' }] }),
    ],
    bursts: [unseen(say(c, { tier: 't2', ports: '80', 'allow-from': 't1' }), tier(undefined))],
  },
  'a tier changes its name while another asks for the new one': {
    start: [say(a, { tier: 't1', ...nobody }), say(b, { tier: 't2', ports: '80', 'allow-from': 't1' })],
    bursts: [unseen(say(b, { tier: 't2', ports: '80', 'allow-from': 't3' }), say(a, { tier: 't3', ...nobody }))],
  },
  'pods come under a second policy that lets addresses in by the name of a port': {
    start: [say(c, { tier: 't1', ports: '81', 'allow-from': 'cluster', 'allow-to': 'none' })],
    bursts: [
      unseen(
        {
          is: 'make anew',
          slot: e,
          shape: 2,
          said: { tier: 't2', ports: 'http', 'allow-from': '203.0.113.0/24', 'allow-to': 'none' },
          pause: 0,
        },
        say(c, { tier: 't1', ...nobody }),
      ),
    ],
  },
  'an AppTier breaks while it moves to a tier whose workload is sound': {
    start: [
      say(a, {}),
      say(c, { tier: 't2', ...nobody }),
      say(d, { tier: 't3', ...nobody, 'allow-to': 'none' }),
      tier({ tier: 't4', selector: group('x'), ports: port80, from: [{ tier: 't3' }] }),
    ],
    bursts: [burst(tier({ tier: 't2', selector: group('x'), ports: [], from: [{ tier: 't2' }] }))],
  },
}
