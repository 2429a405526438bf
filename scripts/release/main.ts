/** `make release`: everything that a release has, in dist/release. Refuses what is not ready; DRAFT=1 builds it all the same. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findSection } from './changelog.ts'
import { packChart } from './chart.ts'
import { type Complaint, findComplaints, versionOf } from './check.ts'
import { type Facts, readFacts } from './facts.ts'
import { archiveImage } from './image.ts'
import { must } from './must.ts'
import { packPackage } from './package.ts'
import { writeSbom } from './sbom.ts'
import { stage } from './stage.ts'
import { writeSums } from './sums.ts'

const root = join(import.meta.dirname, '../..')
const folder = process.env.OUT || join(root, 'dist', 'release')
const isDraft = process.env.DRAFT === '1'
const withImage = process.env.SKIP_IMAGE !== '1'

try {
  process.exitCode = await release(await readFacts(root))
} catch (error) {
  console.error(`The release cannot be built: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function release(facts: Facts): Promise<number> {
  const complaints = findComplaints(facts)
  const isRefused = ({ isForDrafts }: Complaint) => isForDrafts || !isDraft
  for (const complaint of complaints) console.error(`${isRefused(complaint) ? 'error' : 'draft'}: ${complaint.text}`)
  if (complaints.some(isRefused)) {
    console.error('Nothing is built. DRAFT=1 builds also what is not committed, or not in the changelog')
    return 1
  }
  await build(facts)
  return 0
}

async function build(facts: Facts): Promise<void> {
  const version = versionOf(facts)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const staged = mkdtempSync(join(tmpdir(), 'tierwall-release-'))
  try {
    await stage(root, staged)
    tell(await packPackage(staged, folder, `tierwall-npm-${version}.tgz`))
    tell(await packChart(staged, folder, `tierwall-chart-${version}.tgz`))
  } finally {
    rmSync(staged, { recursive: true })
  }
  await must(process.execPath, [join(root, 'scripts/install-yaml.ts'), join(folder, 'install.yaml')], { cwd: root })
  tell('install.yaml')
  tell(writeSbom(root, folder, `tierwall-npm-${version}.cdx.json`, facts.epoch))
  if (withImage)
    tell(await archiveImage(folder, `tierwall-image-${version}.tar.gz`, { root, version, image: facts.image }))
  tell(await writeSums(folder))
  // For the page of the release, and no part of it.
  writeFileSync(`${folder}-notes.md`, `${findSection(facts.changelog, version)?.text ?? ''}\n`)
}

function tell(name: string): void {
  const bytes = statSync(join(folder, name)).size
  console.log(`${relative('', join(folder, name))}: ${(bytes / 1e6).toFixed(2)} MB`)
}
