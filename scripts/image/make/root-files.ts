/** Debian packages and Node.js → the files of a base image, in the places where distroless has them. */
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ran, run } from '../../../src/controlplane/run.ts'

/** Other files in these packages are for other programs: 10 MB of character sets, vectors for Fortran, configuration. */
const kept = [
  /^(usr\/)?lib(64)?\/([^/]+-linux-gnu\/)?(ld-linux|lib(c|m|dl|pthread|rt|resolv|gcc_s|stdc\+\+)\.so)[^/]*$/,
  // Some packages have a link there, to the one whose copyright is theirs as well.
  /^usr\/share\/doc\/[^/]+(\/copyright)?$/,
  /^usr\/share\/common-licenses\//,
  /^(etc|usr\/lib)\/os-release$/,
  // Where these are links, they lead into usr.
  /^lib(64)?$/,
]

const written: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnonroot:x:65532:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
}

/** Fills the folder from `*.deb` files; undefined, or why it failed. */
export async function fillRoot(folder: string, debs: string, node: NodeFiles): Promise<string | undefined> {
  process.umask(0o022)
  for (const deb of globSync('*.deb', { cwd: debs }).sort()) {
    const file = join(debs, deb)
    const unpacked = await run('dpkg-deb', ['--extract', file, folder])
    const told = await run('dpkg-deb', ['--field', file])
    const failed = failureOf(unpacked) ?? failureOf(told)
    if (failed !== undefined) return `${deb}: ${failed}`
    if ('stdout' in told) write(folder, join('var/lib/dpkg/status.d', deb.replace(/_.*/, '')), told.stdout)
  }
  joinAuthorities(folder)
  for (const path of listFiles(folder)) if (!isKept(path)) rmSync(join(folder, path))
  removeEmpty(folder)
  for (const [path, text] of Object.entries(written)) write(folder, path, text)
  return addNode(folder, node)
}

export interface NodeFiles {
  readonly program: string
  readonly licence: string | undefined
}

async function addNode(folder: string, { program, licence }: NodeFiles): Promise<string | undefined> {
  const target = join(folder, 'nodejs/bin/node')
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(program, target)
  chmodSync(target, 0o755)
  if (licence !== undefined) write(folder, 'nodejs/LICENSE', readFileSync(licence, 'utf8'))
  // Names of functions for debuggers of C++: 18 MB.
  return failureOf(await run('strip', ['--strip-all', '--remove-section=.comment', target]))
}

/** As the package's own script would on a Debian that runs. */
function joinAuthorities(folder: string): void {
  const from = join(folder, 'usr/share/ca-certificates/mozilla')
  const texts = readdirSync(from)
    .sort()
    .map(name => readFileSync(join(from, name), 'utf8'))
  write(folder, 'etc/ssl/certs/ca-certificates.crt', texts.join(''))
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const isKept = (path: string) =>
  kept.some(pattern => pattern.test(path)) || /^(var\/lib\/dpkg\/status\.d|etc\/ssl\/certs)\//.test(path)

/** From the folder; links are files, wherever they lead. */
function listFiles(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap(entry => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? listFiles(folder, path) : [path]
  })
}

/** /root, which only root may see, and /tmp, which all may write, among them. */
function removeEmpty(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name))
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

function failureOf(ran: Ran): string | undefined {
  return 'failed' in ran ? ran.failed : 'missing' in ran ? 'a program is missing' : undefined
}
