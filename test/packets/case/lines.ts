/** Lines of expectations and the parties that they name → what is declared of each flow. */
import type { Expectation } from '../../../src/report/expectations.ts'
import type { Flow } from '../flows/flow.ts'
import type { Party } from '../flows/party.ts'
import { isPod } from '../flows/party.ts'

export interface Lines {
  readonly declared: (flow: Flow) => boolean | undefined
  /** Those that no flow is of, such as those about addresses that nobody has here. */
  readonly untried: readonly Expectation[]
}

export function readLines(lines: readonly Expectation[], parties: readonly Party[], flows: readonly Flow[]): Lines {
  const declared = new Map<Flow, Expectation>()
  const untried: Expectation[] = []
  for (const line of lines) {
    const [from, to] = [partiesCalled(line.from, parties), partiesCalled(line.to, parties)]
    const meant = flows.filter(flow => from.includes(flow.from) && to.includes(flow.to) && isOnPort(flow, line.port))
    if (meant.length === 0) untried.push(line)
    for (const flow of meant) {
      const other = declared.get(flow)
      if (other && other.expect !== line.expect) throw new Error(`'${line.text}' says otherwise than '${other.text}'`)
      declared.set(flow, line)
    }
  }
  return {
    declared: flow => {
      const line = declared.get(flow)
      return line && line.expect === 'allowed'
    },
    untried,
  }
}

function partiesCalled(text: string, parties: readonly Party[]): readonly Party[] {
  if (text === 'anywhere') return parties.filter(({ isStranger }) => isStranger)
  const isOf = (party: Party) =>
    isPod(party) ? party.workload === text || party.workload?.endsWith(`/${text}`) === true : party.name === text
  const found = parties.filter(isOf)
  if (new Set(found.map(({ workload }) => workload)).size > 1) throw new Error(`several are called ${text}`)
  return found
}

function isOnPort({ to, port, protocol }: Flow, written: Expectation['port']): boolean {
  if (protocol !== written.protocol) return false
  if (written.by === 'number') return written.first <= port && port <= written.last
  const ports = 'name' in to.end ? to.end.ports : []
  return ports.some(one => one.name === written.name && one.protocol === protocol && one.containerPort === port)
}
