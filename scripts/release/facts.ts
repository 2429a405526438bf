/** What the repository says of its next release, wherever it says it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { onOneLine, run } from '../../src/controlplane/run.ts'

export interface Facts {
  /** By the place that says it. */
  readonly versions: Readonly<Record<string, string>>
  /** As the manifests ask for it: `ghcr.io/tierwall/tierwall:0.1.0` */
  readonly image: string
  readonly changelog: string
  /** `M src/engine.ts`: what no commit has; or why that is not known. */
  readonly uncommitted: readonly string[]
  /** Of the commit, in seconds since 1970. */
  readonly epoch: number
  /** The tag that is being released, where it is one. */
  readonly tag: string | undefined
}

const manifest = z.object({ version: z.string() })
const lock = z.object({ version: z.string(), packages: z.object({ '': manifest }) })
const chart = z.object({ version: z.string(), appVersion: z.string() })
const kustomization = z.object({ images: z.tuple([z.object({ newName: z.string(), newTag: z.string() })]) })

export async function readFacts(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Facts> {
  const text = (path: string) => readFileSync(join(root, path), 'utf8')
  const locked = lock.parse(JSON.parse(text('package-lock.json')))
  const { version, appVersion } = chart.parse(parse(text('chart/Chart.yaml')))
  const [image] = kustomization.parse(parse(text('config/base/kustomization.yaml'))).images
  const git = (...words: readonly string[]) => run('git', ['-C', root, ...words])
  const [status, time] = await Promise.all([git('status', '--porcelain'), git('log', '-1', '--format=%ct')])
  return {
    versions: {
      'package.json': manifest.parse(JSON.parse(text('package.json'))).version,
      'package-lock.json': locked.version,
      'package-lock.json (packages)': locked.packages[''].version,
      'chart/Chart.yaml (version)': version,
      'chart/Chart.yaml (appVersion)': appVersion,
      'config/base/kustomization.yaml (newTag)': image.newTag,
    },
    image: `${image.newName}:${image.newTag}`,
    changelog: text('CHANGELOG.md'),
    uncommitted: linesOf(status),
    epoch: 'stdout' in time ? Number(time.stdout.trim()) : 0,
    tag: env.GITHUB_REF_TYPE === 'tag' ? env.GITHUB_REF_NAME : undefined,
  }
}

function linesOf(status: Awaited<ReturnType<typeof run>>): readonly string[] {
  if ('stdout' in status) return status.stdout.split('\n').flatMap(line => line.trim() || [])
  return ['missing' in status ? 'git is missing' : onOneLine(status.failed)]
}
