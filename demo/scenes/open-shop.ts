/** The shop as it is without Tierwall: the manifests of an example, less what they say about tiers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { annotation } from '../../src/api/annotations.ts'
import { root, type Stage } from '../stage.ts'
import { drawTable } from '../table.ts'
import { expectPromise, unprotected } from './promise.ts'

export const shopFile = 'examples/three-tier/manifests.yaml'

export async function openShop(stage: Stage): Promise<void> {
  const { screen, kubectl } = stage
  await kubectl.need(['apply', '-f', '-'], leaveOutTiers(await readFile(join(root, shopFile), 'utf8')))
  await kubectl.need(['apply', '-f', 'demo/stranger.yaml'])
  await expectPromise(stage, unprotected)
  screen.title('1. A shop without policies')
  screen.say('web, api and db are in the namespace shop; in lab is a pod that is none of theirs. Who can reach whom:')
  screen.lines('', ...drawTable(unprotected.reach, unprotected.reach, screen.paint))
}

const tier = ['metadata', 'annotations', annotation.tier]

function leaveOutTiers(yaml: string): string {
  const documents = parseAllDocuments(yaml)
  for (const document of documents) if (document.hasIn(tier)) document.deleteIn(tier)
  return documents.map(String).join('---\n')
}
