/** Tierwall's own commands, and what they found. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const longest = 10 * 60_000

async function run(args, { command, workspace }) {
  // The shell reads the command, which may be several words, and none of the others.
  const child = spawn('sh', ['-c', `${command} "$@"`, 'sh', ...args], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longest,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const closed = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, stderr }
}

const files = paths => ['-f', ...paths]
const common = ({ namespace, config }) => ['-n', namespace, ...(config === undefined ? [] : ['--config', config])]

export async function lint(paths, settings) {
  const { stdout, stderr } = await run(['lint', '-o', 'json', ...common(settings), ...files(paths)], settings)
  return readJson(stdout, stderr)
}

export async function plan(paths, against, settings) {
  const words = format => ['plan', '-o', format, ...common(settings), ...files(paths), '--against', ...against]
  const [asJson, asMarkdown] = await Promise.all(['json', 'markdown'].map(format => run(words(format), settings)))
  const { count, flows } = readJson(asJson.stdout, asJson.stderr)
  const known = flows.opened !== undefined
  return {
    markdown: asMarkdown.stdout,
    changes: Object.values(count).reduce((sum, number) => sum + number, 0),
    opened: known ? flows.opened.length : 'unknown',
    cut: known ? flows.cut.length : 'unknown',
    notes: linesOf(asJson.stderr).filter(line => line.startsWith('note: ')),
  }
}

export async function verify(paths, settings) {
  const { code, stdout, stderr } = await run(
    ['verify', settings.expectations, ...common(settings), ...files(paths)],
    settings,
  )
  return { holds: code === 0, told: `${stderr}${stdout}`.trim() }
}

/** Whether the file in the repository is what would be rendered. */
export async function compareRendered(paths, settings) {
  const { code, stdout } = await run(['render', ...common(settings), ...files(paths)], settings)
  const there = await readFile(join(settings.workspace, settings.rendered), 'utf8').catch(() => undefined)
  return { file: settings.rendered, holds: code === 0 && there === stdout }
}

export async function readVersion(settings) {
  return (await run(['--version'], settings)).stdout.trim()
}

function readJson(stdout, stderr) {
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`Tierwall did not answer: ${linesOf(stderr).at(-1) ?? 'it printed nothing'}`)
  }
}

const linesOf = text => text.split('\n').filter(line => line !== '')
