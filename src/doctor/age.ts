/** How long ago, as a person says it. */

const units = [
  { name: 'days', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const

export function writeAge(ms: number): string {
  // Two of the larger unit: 90 s say more than 1 min.
  const unit = units.find(unit => ms >= 2 * unit.ms) ?? units[3]
  return `${Math.max(0, Math.floor(ms / unit.ms))} ${unit.name}`
}
