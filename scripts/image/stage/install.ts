/** The packages of package-lock.json into node_modules, unless the image of this stage came with them. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (!existsSync('node_modules')) {
  // No package's own script is needed to build the image, so none gets to run.
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status, error } = spawnSync('npm', words, { stdio: 'inherit' })
  if (error) console.error(`npm: ${error.message}`)
  process.exitCode = status ?? 1
}
