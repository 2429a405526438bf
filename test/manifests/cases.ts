import type { KubernetesObject } from '../../src/api/kubernetes.ts'
import type { Manifests } from '../../src/manifests/manifests.ts'

export function deployment(name: string, tier = name): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations: {tierwall.dev/tier: ${tier}}
spec: {}`
}

export function named({ object: { kind, metadata } }: KubernetesObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`
}

/** Each problem as a person sees it. */
export function placed({ problems, locate }: Manifests): [place: string, code: string, text: string][] {
  return problems.map(({ source, code, message, fix }) => {
    const place = locate(source)
    return [place ? `${place.file}:${place.line}:${place.column}` : 'nowhere', code, `${message}; ${fix}`]
  })
}
