/** Names that pods ask for, and curl by name, beside the plain flows → what went wrong, as text. */
import { type Flow, writeFlow } from '../flows/flow.ts'
import { addressOf, type Party } from '../flows/party.ts'
import type { Lab } from './lab.ts'
import type { Case } from './read-case.ts'

const inCluster = (workload: string) => `${workload.split('/').reverse().join('.')}.svc.cluster.local`

/** A workload's name is the address of its first pod. */
export function recordsOf(pods: readonly Party[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...pods].reverse().map(pod => [inCluster(pod.workload ?? pod.name), addressOf(pod)]))
}

/** Whatever is isolated, names resolve. */
export async function askForNames(
  { cluster }: Lab,
  { options: { names } }: Case,
  pods: readonly Party[],
): Promise<readonly string[]> {
  const found = pods.flatMap(({ host, name: pod }) =>
    names.flatMap(name =>
      (['UDP', 'TCP'] as const).map(async protocol => {
        if (host === undefined) return []
        const { verdict, addresses } = await cluster.lookup(host, name, protocol)
        return addresses.length > 0 ? [] : [`${pod} asks for ${name} over ${protocol} and gets no address: ${verdict}`]
      }),
    ),
  )
  return (await Promise.all(found)).flat()
}

/** curl, by name and so by way of DNS, gets what the packets got. */
export async function tryWithCurl(
  { options: { curl } }: Case,
  flows: readonly Flow[],
  reached: ReadonlyMap<Flow, boolean>,
): Promise<readonly string[]> {
  const meant = flows.filter(({ from, to, port, protocol }) => {
    const isFirst = 'name' in to.end && to.end.name.endsWith('-0')
    return isFirst && protocol === 'TCP' && curl.includes(`${shortName(from)} -> ${shortName(to)}:${port}`)
  })
  const ran = meant.map(async flow => {
    const url = `http://${inCluster(flow.to.workload ?? '')}:${flow.port}/`
    const { code, stderr } = (await flow.from.host?.exec(['curl', '-sS', '--max-time', '1.5', url])) ?? {}
    const passed = code === 0
    if (passed === reached.get(flow)) return []
    return [
      `${writeFlow(flow)}: curl ${passed ? 'got an answer' : `got none (${stderr?.trim()})`}, plain packets did otherwise`,
    ]
  })
  return (await Promise.all(ran)).flat()
}

const shortName = ({ workload }: Party) => workload?.split('/').at(-1) ?? ''
