/** Where a resource is found on the API server. */

export interface Resource {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
}

export interface Place {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
}

export function pathOf({ group, version, plural }: Resource, { namespace, name, subresource }: Place = {}): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const scope = namespace === undefined || namespace === '' ? [] : ['namespaces', namespace]
  const steps = [...scope, plural, name, subresource].filter(step => step !== undefined)
  return [root, ...steps.map(encodeURIComponent)].join('/')
}
