/** A control plane with Tierwall installed, its operator, and Flux, for all tests of a file. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { namespace } from '../operator/objects.ts'
import type { OperatorProcess } from '../operator/operator.ts'
import { type Installation, withInstallation } from '../operator/rights-installation.ts'
import { type Archives, serveArchives } from './archives.ts'
import { type Controller, startController } from './controller.ts'
import { type Delivery, makeDelivery } from './delivery.ts'
import { findProgram, flux } from './programs.ts'

export interface Given {
  readonly installed: Installation
  /** A namespace of the test's own, and a team that delivers to it; `spec` is of its Kustomization. */
  readonly makeTeam: (spec?: object) => Promise<Team>
  /** Instead of the one before. */
  readonly restartOperator: (flags?: readonly string[]) => Promise<void>
  readonly stopOperator: () => Promise<void>
}

export interface Team extends Delivery {
  readonly space: string
}

const overlays = ['config/default']

/** Filled before the first test of the file. The operator runs. */
export function withFlux(): Given {
  let folder: string | undefined
  let installed: Installation
  let operator: OperatorProcess | undefined
  let archives: Archives | undefined
  let controller: Controller | undefined
  let missing: string | undefined
  const deliveries: Delivery[] = []
  // Before the installation, since building takes longer than that may.
  beforeAll(async () => {
    const found = await findProgram(flux)
    if ('folder' in found) folder = found.folder
    else missing = found.missing
  }, 20 * 60_000)
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing)
  })
  withInstallation({ overlays, namespaces: [] }, async begun => {
    installed = begun
    if (folder === undefined) return
    archives = await serveArchives()
    controller = await startController(begun.plane, folder, await mkdtemp(join(tmpdir(), 'tierwall-flux-')))
    operator = await begun.run()
  })
  afterAll(async () => {
    for (const delivery of deliveries) await delivery.remove()
    await operator?.stop()
    await controller?.stop()
    await archives?.close()
  })
  let count = 0
  return {
    get installed() {
      return installed
    },
    async makeTeam(spec) {
      if (!archives) throw new Error('no archives are served')
      const space = `shop-${count++}`
      await installed.cluster.apply(namespace(space))
      const delivery = await makeDelivery(installed.plane, archives, space, spec)
      deliveries.push(delivery)
      return { space, ...delivery }
    },
    async restartOperator(flags = []) {
      await operator?.stop()
      operator = await installed.run(flags)
    },
    async stopOperator() {
      await operator?.stop()
    },
  }
}
