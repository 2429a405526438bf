/** The floor: lists and watches Deployments and posts one policy for each. It compares nothing and repairs nothing. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'

interface Deployment {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: { readonly selector: unknown }
}

const { url, ca, token } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const dispatcher = new Agent({ connect: { ca }, connections: 16, bodyTimeout: 0 })
const headers = {
  authorization: `Bearer ${token}`,
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'bare-loop',
}

async function post({ metadata: { name, namespace }, spec }: Deployment): Promise<void> {
  const rule = { ports: [{ protocol: 'TCP', port: 8080 }] }
  const body = JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `bare-${name}`, namespace },
    spec: { podSelector: spec.selector, policyTypes: ['Ingress', 'Egress'], ingress: [rule] },
  })
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
  const reply = await request(url + path, { method: 'POST', dispatcher, headers, body })
  await reply.body.dump()
}

const path = '/apis/apps/v1/deployments'
const listed = await request(url + path, { dispatcher, headers })
const list = JSON.parse(await listed.body.text())
for (const item of list.items) post(item)
const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}`
const watch = await request(`${url}${path}?${query}`, {
  dispatcher: new Agent({ connect: { ca }, bodyTimeout: 0 }),
  headers,
})
process.stderr.write('ready\n')
for await (const line of createInterface({ input: watch.body })) {
  const { type, object } = JSON.parse(line)
  if (type === 'ADDED') post(object)
}
