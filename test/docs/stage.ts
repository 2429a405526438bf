/**
 * A cluster for the commands of one page. It has no nodes, so the test stands in for the kubelet and for the reader's
 * second terminal: the operator runs while its Deployment asks for it, or since the page has said `tierwall run`.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { operatorName, operatorNamespace } from '../../src/install/names.ts'
import { connectCluster, eventually } from '../operator/cluster.ts'
import { type OperatorProcess, runOperator, shortLease } from '../operator/operator.ts'
import { programsOf } from './needs.ts'
import { findDifference } from './shown.ts'
import type { CommandStep } from './steps.ts'
import type { Workshop } from './workshop.ts'

export interface Stage {
  /** What is wrong with the step, if anything. */
  readonly play: (step: CommandStep) => Promise<string | undefined>
  readonly clear: () => Promise<void>
}

const deployment = z.looseObject({ spec: z.looseObject({ replicas: z.number() }) })
const configMap = z.looseObject({ data: z.object({ 'config.yaml': z.string() }) })

export function setStage(plane: ControlPlane, workshop: Workshop): Stage {
  const cluster = connectCluster(plane)
  let operator: OperatorProcess | undefined
  let isInstalled = false
  const end = async () => {
    await operator?.stop()
    operator = undefined
  }
  const begin = async (kubeconfig: string, flags: readonly string[]) => {
    await end()
    operator = runOperator(kubeconfig, [...shortLease, ...flags])
    await operator.ready()
  }
  /** As a kubelet would. */
  const follow = async () => {
    const found = deployment.safeParse(await cluster.get('Deployment', operatorNamespace, operatorName))
    const wanted = found.success && found.data.spec.replicas > 0
    if (wanted === isInstalled) return
    isInstalled = wanted
    if (!wanted) return end()
    const read = configMap.parse(await cluster.get('ConfigMap', operatorNamespace, 'tierwall-config'))
    const [config, kubeconfig] = ['config.yaml', 'operator.kubeconfig'].map(name => join(plane.access.dataDir, name))
    const token = await plane.tokenFor({ namespace: operatorNamespace, name: operatorName })
    await writeFile(config ?? '', read.data['config.yaml'])
    await writeFile(kubeconfig ?? '', plane.kubeconfigFor({ token }), { mode: 0o600 })
    await begin(kubeconfig ?? '', ['--config', config ?? ''])
  }
  return {
    async play(step) {
      const [words = []] = programsOf(step.command)
      const [program, subcommand, ...flags] = words
      if (program === 'tierwall' && subcommand === 'run') {
        await begin(plane.access.kubeconfigFile, flags)
        return undefined
      }
      // The page says to press Ctrl-C before.
      if (program === 'tierwall' && subcommand === 'uninstall' && !isInstalled) await end()
      const difference = await playStep(workshop, step)
      await follow()
      return difference
    },
    clear: end,
  }
}

const reads = /^(?:npx )?(?:kubectl (?:get|describe|events|auth)|tierwall (?:explain|graph|plan|doctor)) /

/** What only looks is asked again until it sees what the page shows: the operator takes a moment. */
async function playStep(workshop: Workshop, step: CommandStep): Promise<string | undefined> {
  const play = async () => findDifference(step, await workshop.run(step.command))
  if (!reads.test(step.command)) return play()
  let difference: string | undefined
  const isRight = async () => {
    difference = await play()
    if (difference !== undefined) throw new Error(difference)
  }
  await eventually(isRight, 10_000).catch(() => undefined)
  return difference
}
