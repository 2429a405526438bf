import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findBinaries } from '../../src/controlplane/binaries.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierwall-binaries-'))
})
afterEach(() => rm(folder, { recursive: true }))

const lines: string[] = []
const tell = (line: string) => void lines.push(line)

/** A program that stands for another, on a PATH of its own. */
async function program(name: string, script: string, under = 'bin'): Promise<void> {
  await mkdir(join(folder, under), { recursive: true })
  const file = join(folder, under, name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

/** With nothing but what the test puts there, and the few tools that its programs need. */
const variables = (more: NodeJS.ProcessEnv = {}) => ({
  HOME: folder,
  PATH: join(folder, 'bin'),
  XDG_CACHE_HOME: join(folder, 'cache'),
  ...more,
})

const all = ['etcd', 'kube-apiserver', 'kube-controller-manager']

describe('the binaries are', () => {
  test('those of KUBEBUILDER_ASSETS where it is set', async () => {
    for (const name of all) await program(name, '', 'assets')
    const found = await findBinaries(tell, variables({ KUBEBUILDER_ASSETS: join(folder, 'assets') }))
    expect(found).toEqual({ binaries: Object.fromEntries(all.map(name => [name, join(folder, 'assets', name)])) })
  })

  test('refused where KUBEBUILDER_ASSETS lacks one, whatever the cache has', async () => {
    await program('etcd', '', 'assets')
    await program('kube-apiserver', '', 'assets')
    await writeFile(join(folder, 'assets', 'kube-controller-manager'), 'no program')
    await expect(findBinaries(tell, variables({ KUBEBUILDER_ASSETS: join(folder, 'assets') }))).rejects.toThrow(
      /^KUBEBUILDER_ASSETS is \S+, which has no kube-controller-manager: put it there, or unset/,
    )
  })

  test('built once with Go, and after that those of the cache', async () => {
    await program('go', goThat('printf "#!/bin/sh\\n" > "$out"; chmod +x "$out"'))
    const found = await findBinaries(tell, variables())
    expect(found).toMatchObject({ binaries: { etcd: expect.stringContaining(join(folder, 'cache', 'tierwall')) } })
    expect(await asked('build')).toHaveLength(3)
    expect(await findBinaries(tell, variables())).toEqual(found)
    expect(await asked('build')).toHaveLength(3)
  })

  test('built with the version that clients see, without cgo, and exactly from go.sum', async () => {
    await program('go', goThat('printf "#!/bin/sh\\n" > "$out"; chmod +x "$out"'))
    await findBinaries(tell, variables({ GOOS: 'plan9', GOFLAGS: '-mod=mod' }))
    for (const line of await asked('build')) {
      expect(line).toMatch(/^CGO_ENABLED=0 GOOS= build -mod=readonly -trimpath -ldflags /)
      expect(line).toMatch(/-X k8s\.io\/component-base\/version\.gitVersion=v1\.36\.\d+ /)
    }
  })
})

describe('there are no binaries, in one line that says what to install,', () => {
  const missing = async (env = variables()) => {
    const found = await findBinaries(tell, env)
    return 'missing' in found ? found.missing : undefined
  }
  const install = 'install Go 1.26 or newer, or python3 with venv (on Debian: apt-get install python3-venv)'

  test('with neither Go nor Python', async () => {
    expect(await missing()).toBe(`the control plane cannot be built: Go is missing, and python3 is missing; ${install}`)
  })

  test('with a Go that is too old, and a Python without virtual environments', async () => {
    await program('go', 'echo go1.25.3')
    await program('python3', 'echo ensurepip is not available >&2; exit 1')
    expect(await missing()).toBe(
      `the control plane cannot be built: Go 1.25.3 is too old, and python3 cannot make a virtual environment; ${install}`,
    )
  })

  test('with a Go that cannot fetch the sources', async () => {
    await program('go', goThat('', 'echo "dial tcp: no route" >&2; echo "to host" >&2; exit 1'))
    expect(await missing()).toBe("the control plane's sources cannot be fetched: dial tcp: no route; to host")
  })
})

test('a build that fails throws what the compiler said last, and leaves no half cache', async () => {
  await program('go', goThat('case "$out" in */etcd) echo > "$out" ;; *) echo "type error" >&2; exit 2 ;; esac'))
  await expect(findBinaries(tell, variables())).rejects.toThrow('kube-apiserver cannot be built: type error')
  expect(await readdir(join(folder, 'cache', 'tierwall', 'controlplane'))).toEqual([])
})

/** A Go that writes down how it is called. Building and listing are what the test says. */
function goThat(build: string, list = ''): string {
  return `
case "$1" in
  env) echo go1.26.3 ;;
  list) ${list || ':'} ;;
  build)
    echo "CGO_ENABLED=$CGO_ENABLED GOOS=$GOOS $*" >> '${folder}/asked'
    while [ "$1" != -o ]; do shift; done
    out=$2
    PATH=/usr/bin:/bin
    ${build}
    ;;
esac`
}

async function asked(what: string): Promise<string[]> {
  const text = await readFile(join(folder, 'asked'), 'utf8')
  return text.split('\n').filter(line => line.includes(` ${what} `))
}
