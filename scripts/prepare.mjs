/** What `npm install` of a clone, and of a Git address, ends with: dist from src. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

// `npm install --global GIT-ADDRESS` tells the npm that it starts in its clone to be global as well, and then nothing is there.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_(global|location|prefix)$/i.test(name)),
)
if (!existsSync('node_modules/typescript')) run('ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund')
run('run', 'build')

function run(...words) {
  const { status, error } = spawnSync('npm', words, { env, stdio: 'inherit', shell: process.platform === 'win32' })
  if (error) console.error(`npm: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}
