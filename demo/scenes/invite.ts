/** What a person can go on with; each command has been tried. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from '../program.ts'
import { root, type Stage } from '../stage.ts'

interface Invitation {
  readonly command: string
  readonly code: number
}

const invitations: readonly Invitation[] = [
  { command: 'kubectl get networkpolicies -n shop', code: 0 },
  { command: 'kubectl get tiers -A', code: 0 },
  // Denied.
  { command: 'tierwall explain web db -n shop', code: 3 },
]

export async function inviteAlong(stage: Stage): Promise<void> {
  const { screen, plane, folder, patience } = stage
  const bin = await putTools(stage)
  const { kubeconfigFile } = plane.access
  const env = { HOME: folder, KUBECONFIG: kubeconfigFile, PATH: `${bin}:/usr/bin:/bin` }
  const tryOut = async ({ command, code }: Invitation) => {
    const said = await runProgram('/bin/sh', ['-c', command], { cwd: root, env, signal: patience.signal })
    if (said.code !== code) throw new Error(`${command}: exit code ${said.code}: ${said.stderr.trim()}`)
  }
  await Promise.all(invitations.map(tryOut))
  screen.title('7. Your turn')
  screen.say('All of this stays as it is until you press Ctrl-C. In another terminal:')
  screen.lines('', `export KUBECONFIG=${kubeconfigFile}`, `export PATH=${bin}:$PATH`, '')
  screen.lines(...invitations.map(({ command }) => command), '')
  screen.say('What you change in shop, and what Tierwall makes of it, shows up here. Try:')
  screen.lines('', 'kubectl delete networkpolicy tierwall-web -n shop', '')
}

/** Neither kubectl nor tierwall need be installed. */
async function putTools({ folder, kubectlFile }: Stage): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await symlink(kubectlFile, join(bin, 'kubectl'))
  const words = [process.execPath, join(root, 'src/cli/main.ts')].map(quote).join(' ')
  const tierwall = join(bin, 'tierwall')
  await writeFile(tierwall, `#!/bin/sh\nexec ${words} "$@"\n`)
  await chmod(tierwall, 0o755)
  return bin
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
