import { describe, expect, test } from 'vitest'
import { nameNamespace } from '../../src/doctor/probe/leftover.ts'
import { clientName, makeClient, makeDeny, makeNamespace, makeServer } from '../../src/doctor/probe/objects.ts'
import { type Probed, type Proof, unknown } from '../../src/doctor/probe/probed.ts'
import { inFolder } from '../cli/run.ts'
import { factsOf, factsOfCluster, linesOf, now } from '../report/doctor/facts.ts'

const enforced: Proof = { is: 'enforced' }
const open: Proof = { is: 'open' }
const probed = (ingress: Proof, egress: Proof, more: Partial<Probed> = {}): Probed => ({
  ...{ ingress, egress, nodes: ['node-a', 'node-b'], lingering: [] },
  ...more,
})
const linesOn = (probed: Probed) => linesOf('probe', factsOf('', { probed }))

describe('doctor on what a probe found', () => {
  test('says nothing where nobody asked for one', () => {
    expect(linesOf('probe', factsOf(''))).toEqual([])
  })

  test('is content with a proof in both directions, and fails with none in one of them', () => {
    expect(linesOn(probed(enforced, enforced))).toEqual([expect.stringMatching(/^ok .* \(pods on node-a, node-b\)$/)])
    expect(linesOn(probed(enforced, open))).toEqual([
      expect.stringMatching(/^ok ingress is enforced/),
      expect.stringMatching(/^fail egress is not enforced/),
    ])
  })

  test('fails where nothing is proved, whatever else it found', () => {
    const cut = unknown('it was interrupted', 'run it again')
    expect(linesOn(probed(cut, cut, { nodes: [] }))).toEqual([
      'fail cannot tell: it was interrupted — it is not proved that policies have an effect; run it again',
    ])
    expect(linesOn(probed(open, cut))).toEqual([
      expect.stringMatching(/^fail ingress is not enforced/),
      expect.stringMatching(/^fail cannot tell/),
    ])
  })

  test('names a namespace that does not go', () => {
    const lingering = [{ namespace: 'tierwall-probe-abcdefgh', because: 'it is still being deleted' }]
    expect(linesOn(probed(enforced, enforced, { lingering }))[1]).toBe(
      'warn namespace tierwall-probe-abcdefgh is not gone yet: it is still being deleted — nothing in it is needed; kubectl delete namespace tierwall-probe-abcdefgh',
    )
  })

  test('believes it more than what is known of the network plugin', () => {
    const on = (cluster: string, found: Probed) => linesOf('network plugin', factsOfCluster(cluster, { probed: found }))
    expect(on('gke-plain', probed(enforced, enforced))).toEqual([
      'ok something that doctor does not know enforces policies: the probe shows it',
    ])
    expect(on('kube-ovn', probed(enforced, enforced))).toEqual([
      'ok Kube-OVN v1.13.2 (DaemonSet kube-system/kube-ovn-cni) enforces policies: the probe shows it',
    ])
    expect(on('cilium', probed(enforced, open))).toEqual([
      expect.stringMatching(
        /^warn Cilium v1.17.2 .* should enforce policies — the probe shows that it does not; look at/,
      ),
    ])
    expect(on('gke-plain', probed(enforced, open))).toEqual([expect.stringMatching(/^fail nothing that enforces/)])
    const cut = unknown('it was interrupted', 'run it again')
    expect(on('cilium', probed(cut, cut))).toEqual([expect.stringMatching(/^ok Cilium v1.17.2 .* enforces policies$/)])
  })
})

describe('doctor on what probes left behind', () => {
  const namespaceOf = (name: string, label: string, minutes: number) => `
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels: { ${label} }
  creationTimestamp: ${new Date(now - minutes * 60_000).toISOString()}
---`

  test('names a namespace of a probe that must have ended, and no other', () => {
    const yaml = [
      namespaceOf('tierwall-probe-0a1b2c3d', 'tierwall.dev/probe: "180"', 30),
      namespaceOf('tierwall-probe-00000001', 'tierwall.dev/probe: "180"', 4),
      namespaceOf('tierwall-probe-00000002', 'tierwall.dev/probe: "3600"', 30),
      namespaceOf('tierwall-probe-00000003', 'app: "shop"', 30),
      namespaceOf('tierwall-probe-of-my-own', 'tierwall.dev/probe: "180"', 30),
      namespaceOf('shop', 'tierwall.dev/probe: "180"', 30),
    ].join('\n')
    expect(linesOf('left by probes', factsOf(yaml))).toEqual([
      'warn namespace tierwall-probe-0a1b2c3d is of a probe of 30 min ago — nothing in it is needed; kubectl delete namespace tierwall-probe-0a1b2c3d, or tierwall doctor --probe, which removes it first',
    ])
  })

  test('knows every name that a probe gives', () => {
    for (const chance of [0, 0.3, 0.5, 0.999999]) {
      const yaml = namespaceOf(
        nameNamespace(() => chance),
        'tierwall.dev/probe: "1"',
        30,
      )
      expect(linesOf('left by probes', factsOf(yaml))).toHaveLength(1)
    }
  })
})

describe('what a probe makes', () => {
  const plan = { image: 'agnhost', seconds: 60 }

  test('has no token, no rights on its node, and an end', () => {
    for (const { spec } of [makeServer(plan), makeClient('ingress', '10.0.0.1', plan)]) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        activeDeadlineSeconds: 60,
        restartPolicy: 'Never',
      })
      expect(spec).not.toHaveProperty('tolerations')
      expect(JSON.stringify(spec)).not.toMatch(/hostNetwork|hostPath|privileged|"secret/)
    }
    expect(makeNamespace('n', 60).metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
  })

  test('puts addresses of IPv6 in brackets', () => {
    expect(JSON.stringify(makeClient('egress', 'fd00::7', plan))).toContain('"[fd00::7]:8080"')
    expect(JSON.stringify(makeClient('egress', '10.0.0.7', plan))).toContain('"10.0.0.7:8080"')
  })

  test('denies the server ingress, or the client egress, and nobody anything else', () => {
    expect(makeDeny('ingress').spec).toEqual({
      podSelector: { matchLabels: labelsOf(makeServer(plan)) },
      policyTypes: ['Ingress'],
    })
    expect(makeDeny('egress').spec).toEqual({
      podSelector: { matchLabels: labelsOf(makeClient('egress', '10.0.0.7', plan)) },
      policyTypes: ['Egress'],
    })
    expect(clientName('egress')).toBe('client-egress')
  })
})

function labelsOf({ metadata: { labels } }: ReturnType<typeof makeServer>) {
  const { 'sidecar.istio.io/inject': _, ...own } = labels
  return own
}

describe('the flags of a probe', () => {
  const run = (args: readonly string[]) => inFolder({})(args)

  test('are refused without it', async () => {
    expect(await run(['doctor', '--timeout', '5'])).toMatchObject({
      code: 1,
      stderr: 'error: --timeout means nothing without --probe; add --probe, or take it away\n',
    })
    expect(await run(['doctor', '--probe-image', 'a'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: --probe-image means nothing without --probe/),
    })
  })

  test.for(['0', '-1', '1.5', 'soon', '', '99999'])("do not take '%s' for a time", async text => {
    expect(await run(['doctor', '--probe', '--timeout', text])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Write a whole number of seconds from 1 to 3600\./),
    })
  })
})
