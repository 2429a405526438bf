/** What a running operator tells of itself over HTTP: its health and its metrics. */
import { request } from 'undici'
import { z } from 'zod'
import { eventually } from './cluster.ts'
import type { OperatorProcess } from './operator.ts'

export interface Page {
  readonly status: number
  readonly text: string
}

/** Each on a port that is free. */
export const pageFlags = ['--health', '127.0.0.1:0', '--metrics', '127.0.0.1:0']

export async function readPage(operator: OperatorProcess, path: '/healthz' | '/readyz' | '/metrics'): Promise<Page> {
  const port = await findPort(operator, path === '/metrics' ? 'metrics' : 'health')
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`)
  return { status: statusCode, text: await body.text() }
}

/** The sum over all labels; nothing where no sample has that name. */
export async function readMetric(operator: OperatorProcess, name: string): Promise<number | undefined> {
  const { text } = await readPage(operator, '/metrics')
  const samples = text.split('\n').filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  if (samples.length === 0) return undefined
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Which one it took, it says in its log. */
async function findPort(operator: OperatorProcess, what: 'health' | 'metrics'): Promise<number> {
  return eventually(() => {
    if (operator.ended()) throw new Error(`the operator ended: ${JSON.stringify(operator.log.slice(-5))}`)
    const line = operator.log.find(({ msg }) => msg === `${what} is served`)
    return z.number().parse(line?.[what])
  })
}
