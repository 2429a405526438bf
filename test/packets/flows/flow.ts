/** Parties and ports → every flow between them, as a person writes it. */
import type { Probe } from '../../properties/oracle.ts'
import { isPod, type Party } from './party.ts'

export interface Flow extends Probe {
  readonly from: Party
  readonly to: Party
}

export function everyFlow(parties: readonly Party[], probes: readonly Probe[]): readonly Flow[] {
  return parties.flatMap(from =>
    parties
      .filter(to => to !== from && from.host !== undefined && (isPod(from) || isPod(to)))
      .flatMap(to => probes.map((probe): Flow => ({ ...probe, from, to }))),
  )
}

/** TCP goes without saying. */
export function writeFlow({ from, to, port, protocol }: Flow): string {
  return `${from.name} -> ${to.name}:${port}${protocol === 'TCP' ? '' : `/${protocol}`}`
}
