/** The API server's audit log: what the operator asked it for, and what it was answered. */
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { z } from 'zod'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { until } from '../../src/controlplane/until.ts'

export interface Asked {
  readonly verb: string
  readonly group: string
  /** With the subresource, as RBAC spells it; empty where it is no resource that was asked for. */
  readonly resource: string
  /** Empty for all of them, and for what is in none. */
  readonly namespace: string
  readonly name: string
  /** With the query. */
  readonly path: string
  readonly code: number
}

export interface Audit {
  /** All that the operator asked for so far, in the order in which it was answered; watches when they were opened. */
  readonly read: () => Promise<readonly Asked[]>
  /** The same from a mark on. */
  readonly since: (mark: Mark) => Promise<readonly Asked[]>
  readonly mark: () => Promise<Mark>
}

type Mark = number

export const account = 'system:serviceaccount:tierwall-system:tierwall-operator'
const agent = 'tierwall/'

const entry = z.object({
  auditID: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  userAgent: z.string().default(''),
  user: z.object({ username: z.string().default('') }),
  objectRef: z
    .object({
      apiGroup: z.string().default(''),
      resource: z.string().default(''),
      subresource: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
  responseStatus: z.object({ code: z.number().default(0) }).default({ code: 0 }),
})

export function followAudit({ access: { auditLog }, request }: ControlPlane): Audit {
  if (auditLog === undefined) throw new Error('this control plane keeps no audit log')
  const log = openLog(auditLog)
  const asked: Asked[] = []
  const known = new Set<string>()
  const read = async () => {
    await bringUpToNow(log, request)
    for (const line of log.take()) {
      if (!line.includes(agent) && !line.includes(account)) continue
      const { auditID, userAgent, user, ...rest } = entry.parse(JSON.parse(line))
      const isOperators = userAgent.startsWith(agent) || user.username === account
      if (!isOperators || known.has(auditID)) continue
      // A watch is in it twice: when it was opened, and when it ended.
      known.add(auditID)
      asked.push(readEntry(rest))
    }
    return [...asked]
  }
  return { read, since: async mark => (await read()).slice(mark), mark: async () => (await read()).length }
}

function readEntry({
  verb,
  requestURI,
  objectRef,
  responseStatus,
}: Omit<z.infer<typeof entry>, 'auditID' | 'userAgent' | 'user'>): Asked {
  const { apiGroup = '', resource = '', subresource = '', namespace = '', name = '' } = objectRef ?? {}
  return {
    verb,
    group: apiGroup,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    // Of a Namespace the server says that it is in itself.
    namespace: resource === 'namespaces' ? '' : namespace,
    name,
    path: requestURI,
    code: responseStatus.code,
  }
}

/** The server writes a request into its log a moment after the answer. */
async function bringUpToNow(log: Log, request: ControlPlane['request']): Promise<void> {
  const mark = `/api/v1/namespaces/mark-${randomUUID()}`
  await request('GET', mark)
  await until('line of the audit log', async () => (await log.load()).includes(mark))
}

interface Log {
  /** What was written since. */
  readonly load: () => Promise<string>
  /** Whole lines, each once. */
  readonly take: () => readonly string[]
}

function openLog(file: string): Log {
  let position = 0
  let text = ''
  return {
    async load() {
      const handle = await open(file)
      try {
        const { size } = await handle.stat()
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - position), 0, size - position, position)
        position += bytesRead
        const more = buffer.toString('utf8', 0, bytesRead)
        text += more
        return text
      } finally {
        await handle.close()
      }
    },
    take() {
      const end = text.lastIndexOf('\n') + 1
      const lines = text.slice(0, end).split('\n').slice(0, -1)
      text = text.slice(end)
      return lines
    },
  }
}

/** Each once, in an order: `watch apps/deployments in shop`, `create networking.k8s.io/networkpolicies in shop: 403`. */
export function writeAll(all: readonly Asked[]): readonly string[] {
  return [...new Set(all.map(writeAsked))].sort()
}

function writeAsked({ verb, group, resource, namespace, name, path, code }: Asked): string {
  const what = resource === '' ? `${verb} ${path}` : `${verb} ${group}/${resource}`
  const where = namespace === '' ? '' : ` in ${namespace}`
  const which = name === '' ? '' : ` of ${name}`
  return `${what}${where}${which}${code < 300 ? '' : `: ${code}`}`
}

export const isRefused = ({ code }: Asked) => code === 401 || code === 403
export const isWatch = ({ verb }: Asked) => verb === 'watch'
export const isStreamedList = ({ verb, path }: Asked) => verb === 'watch' && path.includes('sendInitialEvents=true')
export const isOfLease = ({ resource }: Asked) => resource === 'leases'
export const isWrite = ({ verb }: Asked) => !['get', 'list', 'watch'].includes(verb)
/** Every API server tells everybody what it serves. */
export const isOfEverybody = ({ verb, path }: Asked) => verb === 'get' && path === '/apis/tierwall.dev/v1alpha1'
