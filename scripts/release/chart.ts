/** The Helm chart as `helm package` would pack it, but the same bytes each time. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { must } from './must.ts'

export async function packChart(staged: string, folder: string, name: string): Promise<string> {
  const tar = join(folder, `${name}.tar`)
  const exact = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar']
  // Helm takes the first folder's name for the chart's.
  const words = ['--mode=u=rwX,go=rX', '--transform=s,^chart,tierwall,', '-C', staged, '-cf', tar, 'chart']
  await must('tar', [...exact, ...words])
  writeFileSync(join(folder, name), gzipSync(readFileSync(tar), { level: 9 }))
  rmSync(tar)
  return name
}
