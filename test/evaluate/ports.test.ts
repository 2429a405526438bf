import { describe, expect, it } from 'vitest'
import { allowedPorts, type End } from '../../src/evaluate/index.ts'
import { address, pod, policyWith } from './world.ts'

const outside = address('203.0.113.7')
const server = pod('shop/server', {
  ips: ['10.0.0.1'],
  ports: [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns', containerPort: 5353, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9091, protocol: 'TCP' },
    { name: undefined, containerPort: 7, protocol: 'TCP' },
  ],
})

/** What stays open to the server of each protocol when these ports are all that its ingress allows. */
function open(ports: unknown, to: End = server) {
  const policies = [policyWith({ podSelector: {}, ingress: [{ ports }] })]
  const [TCP, UDP, SCTP] = (['TCP', 'UDP', 'SCTP'] as const).map(protocol =>
    allowedPorts(policies, outside, to, protocol),
  )
  return { TCP, UDP, SCTP }
}

const nothing = { TCP: [], UDP: [], SCTP: [] }

describe('the ports of a rule', () => {
  it('are one number of TCP where no protocol is given', () => {
    expect(open([{ port: 80 }])).toEqual({ ...nothing, TCP: [[80, 80]] })
    expect(open([{ port: 80, protocol: null }])).toEqual({ ...nothing, TCP: [[80, 80]] })
  })

  it('are all of one protocol where no port is given', () => {
    expect(open([{ protocol: 'SCTP' }])).toEqual({ ...nothing, SCTP: [[1, 65535]] })
    expect(open([{}])).toEqual({ ...nothing, TCP: [[1, 65535]] })
  })

  it('reach from port to endPort, both included', () => {
    expect(open([{ port: 8000, endPort: 8010, protocol: 'UDP' }])).toEqual({ ...nothing, UDP: [[8000, 8010]] })
    expect(open([{ port: 65535, endPort: 65535 }])).toEqual({ ...nothing, TCP: [[65535, 65535]] })
  })

  it('are what the destination pod names, protocol by protocol, in every container', () => {
    expect(open([{ port: 'dns', protocol: 'UDP' }])).toEqual({ ...nothing, UDP: [[53, 53]] })
    expect(open([{ port: 'dns' }])).toEqual({ ...nothing, TCP: [[5353, 5353]] })
    expect(open([{ port: 'metrics' }])).toEqual({ ...nothing, TCP: [[9090, 9091]] })
    expect(open([{ port: 'metrics', protocol: 'UDP' }])).toEqual(nothing)
    expect(open([{ port: 'constructor' }])).toEqual(nothing)
  })

  it('are none that the API server refuses', () => {
    for (const port of [{ port: 0 }, { port: 65536 }, { port: 90, endPort: 80 }, { port: 80, endPort: 65536 }])
      expect(open([port])).toEqual(nothing)
    expect(open([{ endPort: 80 }])).toEqual(nothing)
    expect(open([{ port: 'metrics', endPort: 9099 }])).toEqual(nothing)
  })

  it('resolve no name on an address or on a pod of its node’s network', () => {
    const egress = [{ ports: [{ port: 'metrics' }, { port: 443 }] }]
    const policies = [policyWith({ podSelector: {}, policyTypes: ['Egress'], egress }, 'client')]
    const reach = (to: End) => allowedPorts(policies, pod('client/a'), to, 'TCP')
    expect(reach(server)).toEqual([
      [443, 443],
      [9090, 9091],
    ])
    expect(reach(outside)).toEqual([[443, 443]])
    expect(reach({ ...server, hostNetwork: true })).toEqual([[443, 443]])
  })
})

describe('allowedPorts', () => {
  it('are all ports where nothing isolates, and where a pod talks to itself', () => {
    expect(allowedPorts([], outside, server, 'UDP')).toEqual([[1, 65535]])
    const deny = [policyWith({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })]
    expect(allowedPorts(deny, server, server, 'TCP')).toEqual([[1, 65535]])
    expect(allowedPorts(deny, outside, server, 'TCP')).toEqual([])
  })

  it('are sorted, and ranges that touch or overlap are one', () => {
    const ports = [
      { port: 30, endPort: 39 },
      { port: 10, endPort: 20 },
      { port: 15, endPort: 18 },
      { port: 21 },
      { port: 40 },
    ]
    expect(open(ports).TCP).toEqual([
      [10, 21],
      [30, 40],
    ])
  })

  it('are those that both directions allow', () => {
    const policies = [
      policyWith(
        { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 80, endPort: 90 }] }] },
        'client',
      ),
      policyWith({ podSelector: {}, ingress: [{ ports: [{ port: 85, endPort: 95 }] }, { ports: [{ port: 80 }] }] }),
    ]
    expect(allowedPorts(policies, pod('client/a'), server, 'TCP')).toEqual([
      [80, 80],
      [85, 90],
    ])
    expect(allowedPorts(policies, pod('client/a'), server, 'UDP')).toEqual([])
  })
})
