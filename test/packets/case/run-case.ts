/** A case, played on the real API server with the real operator and real packets → the sums and differences of each step. */
import { namespaceNameLabel } from '../../../src/api/annotations.ts'
import { writePolicy } from '../../operator/cluster.ts'
import { answersFor, type Comparison, compareAnswers, type Declared } from '../flows/compare.ts'
import { everyFlow, type Flow } from '../flows/flow.ts'
import type { Party } from '../flows/party.ts'
import { judgeBy, makeScene, type Scene } from '../flows/scene.ts'
import { tryFlows } from '../flows/try.ts'
import { strangersIn } from './always.ts'
import { askForNames, recordsOf, tryWithCurl } from './by-name.ts'
import { clearCase } from './clear.ts'
import { declaredIn } from './declared-in.ts'
import type { Lab } from './lab.ts'
import { startNode } from './node.ts'
import { runTierwall, startOperator } from './operator.ts'
import { makePod, planPods, removePods, withoutReplicas } from './pods.ts'
import { portsOfCase } from './ports.ts'
import type { Case, Step } from './read-case.ts'
import { whileStill } from './still.ts'
import { untilWritten } from './written.ts'

export interface StepResult extends Omit<Comparison, 'unexpected'> {
  readonly title: string
}

export interface CaseResult {
  readonly name: string
  readonly steps: readonly StepResult[]
  readonly triedAgain: readonly string[]
  readonly seconds: number
}

/** `checkout`: whose operator is at work. */
export async function runCase(lab: Lab, one: Case, checkout?: string): Promise<CaseResult> {
  const start = performance.now()
  const node = one.options.node ? await startNode(portsOfCase(one)) : undefined
  const player = makePlayer(lab, one, node ? [node.party] : [])
  const { kubeconfigFile } = lab.cluster.plane.access
  const [first, ...later] = one.steps
  if (first === undefined) throw new Error(`${one.name} has no step`)
  try {
    await player.write(first)
    await player.look('before Tierwall', declaredWithout(first))
    const operator = await startOperator(kubeconfigFile, checkout)
    try {
      for (const step of [first, ...later]) {
        if (step !== first) await player.write(step)
        await untilWritten(() => lookAtPolicies(lab, step))
        await player.look(step.title, flows => declaredIn(step, player.parties(), player.probes, flows))
      }
    } finally {
      await operator.stop()
    }
    if (one.options.uninstall) {
      await runTierwall(['uninstall', '--yes', '--kubeconfig', kubeconfigFile])
      await player.look('after uninstall', declaredWithout(later.at(-1) ?? first))
    }
  } finally {
    node?.stop()
    await clearCase(lab, one)
    await player.leave()
  }
  return { name: one.name, ...player.result(), seconds: (performance.now() - start) / 1000 }
}

type Declare = (flows: readonly Flow[]) => Declared

/** Without Tierwall, what others wrote is all there is. */
function declaredWithout({ known }: Step): Declare {
  const others = known.flatMap(({ is, object }) => (is === 'networkPolicy' ? [object] : []))
  const labels = new Map(
    known.flatMap(({ is, object }) => (is === 'namespace' ? [[object.metadata.name, object.metadata.labels]] : [])),
  )
  const judge = judgeBy(makeScene(others, name => ({ ...labels.get(name), [namespaceNameLabel]: name })))
  return () => flow => judge(flow).allowed
}

function makePlayer(lab: Lab, one: Case, more: readonly Party[]) {
  const probes = portsOfCase(one)
  const always = [...strangersIn(one, lab.always), ...more]
  const pods: Party[] = []
  const steps: StepResult[] = []
  const again: string[] = []
  const parties = () => [...pods, ...always]
  return {
    probes,
    parties,
    async write(step: Step) {
      await lab.api.apply(...step.objects.map(withoutReplicas))
      const missing = planPods(one, step).filter(
        ({ namespace, name }) => !pods.some(pod => pod.name === `${namespace}/${name}`),
      )
      pods.push(...(await Promise.all(missing.map(plan => makePod(lab.cluster, plan, probes)))))
      await lab.cluster.dns.setRecords(recordsOf(pods))
    },
    async look(title: string, declare: Declare) {
      const flows = everyFlow(parties(), probes)
      const tryAll = async (scene: Scene) => {
        const answers = answersFor(scene)
        const tried = await tryFlows(flows, answers.expected)
        return { ...tried, ...compareAnswers(flows, tried.reached, answers, declare(flows)) }
      }
      const { sum, differences, reached, triedAgain } = await whileStill(lab, tryAll, found => found.unexpected)
      again.push(...triedAgain)
      const unnamed = await askForNames(lab, one, pods)
      const uncurled = await tryWithCurl(one, flows, reached)
      steps.push({ title, sum, differences: [...differences, ...unnamed, ...uncurled] })
    },
    leave: () => removePods(lab.cluster, pods),
    result: () => ({ steps, triedAgain: again }),
  }
}

async function lookAtPolicies({ api }: Lab, { known }: Step) {
  const namespaces = known.flatMap(({ is, object }) => (is === 'namespace' ? [object.metadata.name] : []))
  const live = (await Promise.all(namespaces.map(api.policies))).flat()
  const ours = live.filter(({ metadata }) => metadata.name.startsWith('tierwall-')).map(writePolicy)
  return { wanted: (await api.rendered(...namespaces)).join('\n'), there: ours.sort().join('\n') }
}
