/** Flows between hosts, as a story names them: `web -> api:5000`. */
import type { Host } from '../fixture/index.ts'

export interface Flow {
  readonly from: string
  readonly to: string
  readonly port: number
}

export interface Player {
  readonly host: Host
  readonly ports: readonly number[]
}

export function writeFlow({ from, to, port }: Flow): string {
  return `${from} -> ${to}:${port}`
}

/** Everybody to every port of everybody else. */
export function everyFlow(players: Readonly<Record<string, Pick<Player, 'ports'>>>): readonly Flow[] {
  const names = Object.keys(players)
  return names.flatMap(from =>
    names.filter(to => to !== from).flatMap(to => (players[to]?.ports ?? []).map((port): Flow => ({ from, to, port }))),
  )
}
