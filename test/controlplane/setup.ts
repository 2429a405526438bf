/** One control plane for all tests that need one; vitest runs this only where there are any among those to run. */
import type { TestProject } from 'vitest/node'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { findBinaries } from '../../src/controlplane/binaries.ts'
import type { Access } from '../../src/controlplane/client.ts'
import { startControlPlane } from '../../src/controlplane/index.ts'

/** Missing: it cannot be had here, and the line says what to install. Broken: it could, and that it is not is a bug. */
export type Given = { readonly access: Access } | { readonly missing: string } | { readonly broken: string }

declare module 'vitest' {
  interface ProvidedContext {
    readonly controlPlane: Given
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  try {
    const found = await findBinaries()
    if ('missing' in found) return withoutOne(provide, found.missing)
    const plane = await startControlPlane({
      binaries: found.binaries,
      customResources: [makeCustomResourceDefinition()],
    })
    provide('controlPlane', { access: plane.access })
    return plane.stop
  } catch (error) {
    provide('controlPlane', { broken: error instanceof Error ? error.message : String(error) })
    return async () => undefined
  }
}

function withoutOne(provide: TestProject['provide'], missing: string): () => Promise<void> {
  if (process.env.CI === 'true') {
    provide('controlPlane', { broken: missing })
    return async () => undefined
  }
  provide('controlPlane', { missing })
  return async () => console.error(`The tests that need a control plane were skipped: ${missing}.`)
}
