/** A folder with all times and modes set, so that neither the clock nor a umask gets into the image. */
import { chmodSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

export function settle(folder: string, epoch: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) settle(path, epoch)
    else {
      chmodSync(path, 0o644)
      utimesSync(path, epoch, epoch)
    }
  }
  chmodSync(folder, 0o755)
  // After its files: writing one changes the time of its folder.
  utimesSync(folder, epoch, epoch)
}
