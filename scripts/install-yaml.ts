/** Writes config/default as one file, for those who have no clone: dist/install.yaml, or the file that is named. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { findKubectl } from '../src/controlplane/binaries.ts'
import { run } from '../src/controlplane/run.ts'

const root = join(import.meta.dirname, '..')
const [, , file = join(root, 'dist', 'install.yaml')] = process.argv

const found = await findKubectl()
if ('missing' in found) fail(found.missing)
const built = await run(found.kubectl, ['kustomize', join(root, 'config', 'default')])
if (!('stdout' in built)) fail('failed' in built ? built.failed : `${found.kubectl} has gone`)

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
const head = `# Tierwall ${version}: kubectl apply -f install.yaml
# To take it away, so that nothing is cut on the way and no policy is left behind, first
#   kubectl -n tierwall-system scale deployment/tierwall-operator --replicas=0
#   tierwall uninstall
# and then, with all AppTiers: kubectl delete -f install.yaml
`
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, head + built.stdout)
console.log(`${relative('', file)}: written`)

function fail(why: string): never {
  console.error(`install.yaml cannot be written: ${why}`)
  process.exit(1)
}
