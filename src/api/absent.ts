/** Schemas of fields that may be absent: a null reads as an absent one, as Kubernetes reads it. */
import { z } from 'zod'

export const orAbsent = <T extends z.ZodType>(schema: T) => z.preprocess(value => value ?? undefined, schema.optional())

export const orEmptyMap = <T extends z.ZodType>(schema: T) => z.preprocess(value => value ?? {}, schema)

export const orEmptyList = <T extends z.ZodType>(item: T) => z.preprocess(value => value ?? [], z.array(item))

/** Labels, annotations and a ConfigMap's data, of which nothing is checked. */
export const textMap = orEmptyMap(z.record(z.string(), z.string()))
