/** The image as one archive for `docker load`, built by `make image`. */
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { docker } from '../image/make/docker.ts'

export interface ImageOptions {
  readonly root: string
  readonly version: string
  /** What it is called where it is loaded: by the name that the manifests ask for. */
  readonly image: string
}

export async function archiveImage(folder: string, name: string, options: ImageOptions): Promise<string> {
  const { root, version, image } = options
  const env = { ...process.env, TAG: image }
  const started = Date.now()
  const words = [join(root, 'scripts/image/make/main.ts')]
  // It takes minutes, and says what it does.
  const { status } = spawnSync(process.execPath, words, { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) throw new Error('the image could not be built; SKIP_IMAGE=1 leaves it out')
  const scratch = mkdtempSync(join(tmpdir(), 'tierwall-image-'))
  try {
    const archive = await findArchive({
      file: join(root, '.cache', `tierwall-${version}-image.tar`),
      image,
      scratch,
      started,
    })
    await pipeline(createReadStream(archive), createGzip(), createWriteStream(join(folder, name)))
  } finally {
    rmSync(scratch, { recursive: true })
  }
  return name
}

interface Made {
  readonly file: string
  readonly image: string
  readonly scratch: string
  readonly started: number
}

/** Where no Docker runs, the image ends up in a file; else it has to be asked for. */
async function findArchive({ file, image, scratch, started }: Made): Promise<string> {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found && found.mtimeMs >= started) return file
  const saved = join(scratch, 'image.tar')
  await docker(['save', '--output', saved, image])
  return saved
}
