/** Values of the chart that Kubernetes knows better: handed on as they are, and checked by the API server. */
import { z } from 'zod'
import { namespaceName } from '../../api/formats.ts'

/** Fields as Kubernetes has them. */
export const fields = z.record(z.string(), z.unknown())

export const listOfFields = z.array(fields)

export const texts = z.record(z.string(), z.string())

export const quantity = z.union([z.string(), z.number()])

export const namespace = z.string().regex(namespaceName.pattern).max(namespaceName.most)

export const port = z.int().min(1).max(65535)
