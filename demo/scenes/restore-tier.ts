/** The tier is back, said by an AppTier, which tells how it fares. */
import type { Stage } from '../stage.ts'
import { apiByObject, expectPromise } from './promise.ts'

export async function restoreTier(stage: Stage): Promise<void> {
  const { screen, kubectl, patience, follower } = stage
  screen.title('5. It comes back, by an object this time')
  screen.say('An AppTier says the same where you cannot or will not annotate the workload.')
  screen.command('kubectl apply -f demo/api-tier.yaml')
  follower.restart()
  await kubectl.need(['apply', '-f', 'demo/api-tier.yaml'])
  await expectPromise(stage, apiByObject)
  await kubectl.need(['wait', '--for=condition=Ready', 'tier/api', '-n', 'shop', `--timeout=${patience.ms}ms`])
  screen.command('kubectl get tiers -n shop')
  const table = await kubectl.need(['get', 'tiers', '-n', 'shop'])
  screen.lines(...table.trimEnd().split('\n'))
}
