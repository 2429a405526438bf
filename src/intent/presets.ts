/** What the well-known tier names mean where a field is not given. */
import type { Port } from '../api/ports.ts'
import type { Field, PeerEntry } from './tier.ts'

interface Preset {
  readonly port: number
  readonly from: 'anywhere' | { readonly tier: string }
}

const presets: Readonly<Record<string, Preset>> = {
  web: { port: 80, from: 'anywhere' },
  api: { port: 5000, from: { tier: 'web' } },
  db: { port: 3306, from: { tier: 'api' } },
}

function presetOf(tier: string): Preset | undefined {
  return Object.hasOwn(presets, tier) ? presets[tier] : undefined
}

export function presetPorts(tier: string): Field<readonly Port[]> {
  const preset = presetOf(tier)
  if (!preset) return { is: 'unsaid', value: [] }
  const port: Port = { by: 'number', first: preset.port, last: preset.port, protocol: 'TCP' }
  return { is: 'said', value: [port], because: { said: 'preset', tier, field: 'ports' } }
}

export function presetFrom(tier: string): Field<readonly PeerEntry[]> {
  const preset = presetOf(tier)
  if (!preset) return { is: 'unsaid', value: [] }
  const because = { said: 'preset', tier, field: 'from' } as const
  const peer = preset.from === 'anywhere' ? { kind: preset.from } : { kind: 'tier' as const, tier: preset.from.tier }
  return { is: 'said', value: [{ peer, because, origin: 'preset' }], because }
}
