/** The health of an object as Argo CD finds it: its own Lua runs the script, with the few libraries that Argo CD gives one. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const statuses = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const
const health = z.object({ status: z.enum(statuses), message: z.string() })
export type Health = z.infer<typeof health>

export async function judgeHealth(glua: string, script: string, object: unknown): Promise<Health> {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-lua-'))
  try {
    writeFileSync(join(folder, 'judge.lua'), writeProgram(script, object))
    const output = await run(glua, [join(folder, 'judge.lua')])
    const [status, ...message] = output.split('\n')
    return health.parse({ status, message: message.join('\n') })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What Argo CD does not give a script is taken away: methods of strings as well. */
function writeProgram(script: string, object: unknown): string {
  return `
local write = io.write
getmetatable("").__index = nil
io, string, math, debug, coroutine, channel = nil, nil, nil, nil, nil, nil
os = { time = os.time, date = os.date }
obj = ${writeLua(object)}
local health = (function()
${script}
end)()
write(health.status, "\\n", health.message or "")
`
}

function writeLua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(writeLua).join(', ')}}`
  if (typeof value !== 'object' || value === null)
    return value === null || value === undefined ? 'nil' : writePlain(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `[${writePlain(key)}] = ${writeLua(inner)}`)
    .join(', ')}}`
}

/** Every byte by its number: Lua reads escapes of its own. */
function writePlain(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  const bytes = [...Buffer.from(value)].map(byte => `\\${String(byte).padStart(3, '0')}`)
  return `"${bytes.join('')}"`
}

function run(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 }, (error, stdout, stderr) => {
      if (error || stderr !== '') reject(new Error(stderr || String(error)))
      else resolve(stdout)
    })
  })
}
