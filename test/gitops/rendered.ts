/** What `tierwall render` makes of a tree, as files of their own. */
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { inFolder } from '../cli/run.ts'
import { readObjects } from '../install/objects.ts'
import type { Tree } from './trees.ts'

export async function renderTree(tree: Tree): Promise<Tree> {
  const run = inFolder(tree)
  const { code, stdout, stderr } = await run(['render', ...Object.keys(tree).flatMap(name => ['-f', name])])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return Object.fromEntries(
    readObjects(stdout).map(policy => [`policies/${policy.metadata.name}.yaml`, stringify(policy)]),
  )
}
