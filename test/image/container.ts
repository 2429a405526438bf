/** The image as a container that is held as the Deployment in config/base holds its pod. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GenericContainer } from 'testcontainers'
import { parse } from 'yaml'
import { z } from 'zod'
import { docker } from '../../scripts/image/make/docker.ts'

const root = join(import.meta.dirname, '..', '..')

const deploymentShape = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.object({
            args: z.array(z.string()),
            resources: z.object({ limits: z.object({ memory: z.string().regex(/^\d+Mi$/) }) }),
          }),
        ]),
      }),
    }),
  }),
})

const { spec: pod } = deploymentShape.parse(parse(readFileSync(join(root, 'config/base/deployment.yaml'), 'utf8'))).spec
  .template
const [operator] = pod.containers

/** What the Deployment says. */
export const graceSeconds = pod.terminationGracePeriodSeconds
export const memoryMebibytes = Number.parseInt(operator.resources.limits.memory, 10)
export const operatorWords = operator.args

export class HeldContainer extends GenericContainer {
  constructor(image: string) {
    super(image)
    this.hostConfig.ReadonlyRootfs = true
    this.withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges')
      .withResourcesQuota({ memory: memoryMebibytes / 1024 })
  }
}

const stateShape = z.tuple([
  z.object({
    State: z.object({ ExitCode: z.number(), OOMKilled: z.boolean(), Running: z.boolean() }),
    HostConfig: z.object({
      ReadonlyRootfs: z.boolean(),
      CapDrop: z.array(z.string()),
      SecurityOpt: z.array(z.string()),
      Memory: z.number(),
    }),
    Config: z.object({ User: z.string(), Image: z.string() }),
  }),
])

export async function inspectContainer(id: string) {
  const [inspected] = stateShape.parse(JSON.parse(await docker(['container', 'inspect', id])))
  return inspected
}

/** SIGTERM, and SIGKILL where that does not help in time; says how it ended and how many milliseconds it took. */
export async function endContainer(id: string): Promise<{ readonly code: number; readonly took: number }> {
  const began = performance.now()
  await docker(['container', 'stop', '--time', String(graceSeconds), id])
  const took = performance.now() - began
  return { code: (await inspectContainer(id)).State.ExitCode, took }
}
