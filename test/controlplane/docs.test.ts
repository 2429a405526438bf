/** The commands of the pages that speak to a cluster, page by page on a control plane, with the operator beside it. */
import { expect, onTestFinished } from 'vitest'
import { findKubectl } from '../../src/controlplane/binaries.ts'
import { leftOut } from '../docs/left-out.ts'
import { findNeeds } from '../docs/needs.ts'
import { pages } from '../docs/pages.ts'
import { setStage } from '../docs/stage.ts'
import { commandsOf, readSteps } from '../docs/steps.ts'
import { openWorkshop } from '../docs/workshop.ts'
import { needKubectl } from '../install/kubectl.ts'
import { test } from './plane.ts'

const isLeftOut = (command: string) => leftOut.some(one => one.command === command)
const runsHere = (command: string) => findNeeds(command) === 'cluster' && !isLeftOut(command)

const pagesToRun = pages.filter(page => commandsOf(page).some(({ command }) => runsHere(command)))

test.for(pagesToRun)(
  'the commands of $path do in a cluster what the page says',
  { timeout: 300_000 },
  async (page, { startPlane, skip }) => {
    await needKubectl(skip)
    const found = await findKubectl()
    if ('missing' in found) return skip(found.missing)
    const plane = await startPlane()
    const workshop = await openWorkshop({ kubectl: found.kubectl, kubeconfig: plane.access.kubeconfigFile })
    onTestFinished(() => workshop.clear())
    const stage = setStage(plane, workshop)
    onTestFinished(() => stage.clear())
    for (const step of readSteps(page)) {
      if (step.does === 'file') await workshop.write(step.name, step.text)
      else if (runsHere(step.command)) expect(await stage.play(step)).toBeUndefined()
    }
  },
)
