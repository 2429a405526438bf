/** The Debian packages of a base image, as it keeps them: a file each in /var/lib/dpkg/status.d. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DebianPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

export function readDebianPackages(folder: string): readonly DebianPackage[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(file => !file.endsWith('.md5sums'))
    .sort()
    .flatMap(file => readPackage(readFileSync(join(folder, file), 'utf8')) ?? [])
}

function readPackage(text: string): DebianPackage | undefined {
  const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1]
  const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map(field)
  return name && version && architecture ? { name, version, architecture } : undefined
}
