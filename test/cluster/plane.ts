/** The control plane that all tests share. Where it cannot be had, the tests that need it are skipped with the reason said once. */
import { randomBytes } from 'node:crypto'
import { describe as describeAlways, inject } from 'vitest'
import type { Target } from '../../src/cluster/connect/target.ts'
import type { Access } from '../../src/controlplane/client.ts'
import type { Given } from '../controlplane/setup.ts'
import { makeTarget } from './target.ts'

const given: Given | undefined = inject('controlPlane')
if (given === undefined) throw new Error('vitest.config.ts must name this file among those with a control plane')
if ('broken' in given) throw new Error(given.broken)

export const describe = describeAlways.skipIf('missing' in given)

export const plane: Pick<Access, 'url' | 'ca' | 'token' | 'authority'> =
  'access' in given ? given.access : { url: '', ca: '', token: '', authority: { certificate: '', key: '' } }

/** Nobody else's. */
export function makeName(what: string): string {
  return `${what}-${randomBytes(5).toString('hex')}`
}

/** The API server itself, or the proxy in front of it. */
export function targetAt(url: string): Target {
  return makeTarget({ ...plane, url })
}
