/** Faults that somebody could make in the engine or the evaluator. Each must be caught by a test. */

export interface Mutation {
  /** What would go wrong, as a sentence. */
  readonly what: string
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The case of test/packets/cases in which packets show it. */
  readonly packets?: string
}

const policy = 'src/policy/index.ts'
const tierPolicy = 'src/policy/tier-policy.ts'
const onWire = 'src/policy/on-wire.ts'
const peers = 'src/policy/peers.ts'
const rules = 'src/policy/rules.ts'
const edges = 'src/graph/tier-edges.ts'

export const mutations: readonly Mutation[] = [
  {
    what: 'a tier’s policy is remembered though DNS has moved',
    file: tierPolicy,
    find: 'known && known.dns === dns.key && ',
    replace: 'known && ',
  },
  {
    what: 'a tier’s policy is remembered though its peers are others',
    file: tierPolicy,
    find: 'grant.to.key === other.to.key &&',
    replace: 'grant.to !== undefined &&',
  },
  {
    what: 'a tier is remembered though the configuration is another',
    file: 'src/intent/members.ts',
    find: 'if (known?.configuration === configuration) return known.member',
    replace: 'if (known) return known.member',
  },
  {
    what: 'a policy that was as it should be once is so for ever',
    file: 'src/plan/course.ts',
    find: 'if (knownSame.get(live) === wanted) return true',
    replace: 'if (knownSame.has(live)) return true',
  },
  {
    what: 'the ways in and the ways out of a tier edge are swapped',
    file: policy,
    find: 'of(server).ingress.push({ to: peers.member(client, server.key.namespace), ports: serverSide, because })',
    replace: 'of(server).egress.push({ to: peers.member(client, server.key.namespace), ports: serverSide, because })',
    packets: 'three-tiers-reach-the-next-one-and-nobody-else',
  },
  {
    what: 'a server lets its own pods in, not its clients',
    file: policy,
    find: 'peers.member(client, server.key.namespace)',
    replace: 'peers.member(server, server.key.namespace)',
  },
  {
    what: 'clients get no way out',
    file: policy,
    find: 'if (isNonEmpty(clientSide))',
    replace: 'if (isNonEmpty(clientSide) && client === server)',
    packets: 'only-the-frontend-reaches-the-backend',
  },
  {
    what: 'a rule loses its ports on the way to the wire',
    file: onWire,
    find: "return [peers === 'anyone' ? { ports } : { from: peers, ports }]",
    replace: "return [peers === 'anyone' ? { ports } : ({ from: peers } as unknown as WireIngress)]",
    packets: 'udp-is-not-tcp',
  },
  {
    what: 'a rule has an empty list of peers, which means everyone',
    file: onWire,
    find: "return [peers === 'anyone' ? { ports } : { from: peers, ports }]",
    replace: "return [peers === 'anyone' ? { ports } : ({ from: [], ports } as unknown as WireIngress)]",
  },
  {
    what: 'a tier’s policy isolates its pods for ingress only',
    file: tierPolicy,
    find: "      policyTypes: ['Ingress', 'Egress'],\n    }),\n  }\n}",
    replace: "      policyTypes: ['Ingress'],\n    }),\n  }\n}",
  },
  {
    what: 'default-deny forgets egress',
    file: policy,
    find: "const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] as const }",
    replace: "const spec = { podSelector: {}, policyTypes: ['Ingress'] as const }",
  },
  {
    what: 'a tier’s policy does not carry the DNS rule',
    file: tierPolicy,
    find: 'const egress = [...dns, ...makeRules(grants.egress)]',
    replace: 'const egress = [...makeRules(grants.egress)]',
  },
  {
    what: 'default-deny comes before the tiers',
    file: policy,
    find: 'policies: [...tiers, allowDns(namespace, intent, dns.rules), defaultDeny(namespace, intent)]',
    replace: 'policies: [defaultDeny(namespace, intent), ...tiers, allowDns(namespace, intent, dns.rules)]',
  },
  {
    what: 'a tier that is not sound gets a policy all the same',
    file: policy,
    find: 'graph.members.filter(({ sound }) => sound)',
    replace: 'graph.members.filter(() => true)',
  },
  {
    what: 'another namespace’s pods are looked for in one’s own',
    file: peers,
    find: 'return key.namespace === from ? { podSelector } :',
    replace: 'return from !== undefined ? { podSelector } :',
  },
  {
    what: 'AND of two selectors becomes OR',
    file: peers,
    find: '[selectorsAsPeer(peer)]',
    replace:
      '[selectorsAsPeer(peer), ...(peer.podSelector && peer.namespaceSelector ? [{ namespaceSelector: selectorOnWire(peer.namespaceSelector) }] : [])]',
    packets: 'the-right-label-in-the-wrong-namespace-is-not-let-in',
  },
  {
    what: 'exceptions are lost',
    file: peers,
    find: 'return { ipBlock: first ? { cidr, except: [first, ...more] } : { cidr } }',
    replace: 'return { ipBlock: first && more.length > 999 ? { cidr, except: [first, ...more] } : { cidr } }',
    packets: 'an-address-range-may-have-a-hole',
  },
  {
    what: 'match expressions are lost',
    file: peers,
    find: 'expressions.length > 0 ? { matchExpressions',
    replace: 'expressions.length > 999 ? { matchExpressions',
  },
  {
    what: 'the cluster is read as this namespace',
    file: peers,
    find: 'return [{ namespaceSelector: {} }]',
    replace: 'return [{ podSelector: {} }]',
    packets: 'cluster-is-pods-and-internet-is-not',
  },
  {
    what: 'this namespace is read as the cluster',
    file: peers,
    find: 'return [{ podSelector: {} }]',
    replace: 'return [{ namespaceSelector: {} }]',
  },
  {
    what: 'namespaces are chosen by what they lack alone',
    file: peers,
    find: 'namespaceSelector && namespacesOnWire(namespaceSelector)',
    replace: 'namespaceSelector && selectorOnWire(namespaceSelector)',
  },
  {
    what: 'peers of different ports share a rule',
    file: rules,
    find: "return ports === 'all' ? `${who} all` : `${who} ${writePorts(ports)}`",
    replace: "return ports === 'all' || writePorts(ports) === '' ? `${who} all` : who",
  },
  {
    what: 'only the first of a peer’s ports is kept',
    file: rules,
    find: "b.ports === 'all' ? 'all' : sortPorts([...a.ports, ...b.ports])",
    replace: "b.ports === 'all' ? 'all' : sortPorts(a.ports)",
  },
  {
    what: 'the peers of a rule keep the order of the input',
    file: rules,
    find: '  return [...byPeer]\n    .sort(([a], [b]) => (a < b ? -1 : 1))\n',
    replace: '  return [...byPeer]\n',
  },
  {
    what: 'the end of a port range is dropped',
    file: 'src/api/ports.ts',
    find: 'return { protocol: port.protocol, port: port.first, endPort: port.last }',
    replace: 'return { protocol: port.protocol, port: port.first }',
  },
  {
    what: 'every port is TCP',
    file: 'src/api/ports.ts',
    find: 'if (port.first === port.last) return { protocol: port.protocol, port: port.first }',
    replace: "if (port.first === port.last) return { protocol: 'TCP', port: port.first }",
    packets: 'udp-is-not-tcp',
  },
  {
    what: 'names of policies ignore the app',
    file: 'src/policy/name.ts',
    find: "...(app === '' ? [] : [app])",
    replace: '...(app.length < 999 ? [] : [app])',
  },
  {
    what: 'the hash of a name forgets the kind',
    file: 'src/policy/name.ts',
    find: 'hashOf([kind, name, app, tier])',
    replace: 'hashOf([name, app, tier])',
  },
  {
    what: 'DNS over UDP is missing',
    file: 'src/graph/dns.ts',
    find: "[dnsPort(53, 'TCP'), dnsPort(53, 'UDP')]",
    replace: "[dnsPort(53, 'TCP')]",
  },
  {
    what: 'DNS goes to the Service’s port in place of the pods’',
    file: 'src/graph/dns.ts',
    find: "if (typeof targetPort === 'number') return [dnsPort(targetPort, protocol)]",
    replace: "if (typeof targetPort === 'number') return [dnsPort(port, protocol)]",
  },
  {
    what: 'DNS pods on the host’s network are looked for by selector',
    file: 'src/graph/dns.ts',
    find: 'metadata.namespace === namespace && template.spec.hostNetwork &&',
    replace: 'metadata.namespace === namespace && !template.spec.hostNetwork && template.spec.hostNetwork &&',
  },
  {
    what: 'a server across namespaces opens without the client’s consent',
    file: edges,
    find: 'const across = namespaceOf(entry.peer, server.key) !== server.key.namespace\n  for',
    replace: 'const across = false\n  for',
    packets: 'across-namespaces-both-sides-must-agree',
  },
  {
    what: '`to` alone opens a way out',
    file: edges,
    find: 'const consents = consentsOf(server.from.value, server, client, lookup)',
    replace: 'const consents = server.from.value.map(consent => ({ consent, asked: consent.ports }))',
  },
  {
    what: 'the ports of a peer are ignored',
    file: edges,
    find: 'return entry.ports ?? portsOf(server.ports)',
    replace: 'return portsOf(server.ports)',
  },
  {
    what: 'the client’s ports do not narrow what the server accepts',
    file: edges,
    find: 'const ports = commonPorts(accepted, asked,',
    replace: 'const ports = commonPorts(accepted, undefined,',
  },
  {
    what: '`namespace` gives no way out',
    file: edges,
    find: 'addEdge(found, client, server, { serverSide: [], clientSide: accepted }, [entry.because])',
    replace: 'addEdge(found, client, server, { serverSide: [], clientSide: [] }, [entry.because])',
  },
  {
    what: 'protocols do not matter for what both sides agree on',
    file: 'src/graph/common-ports.ts',
    find: 'if (mine.protocol !== theirs.protocol) return []',
    replace: '',
  },
  {
    what: 'tiers of other apps count as one’s own',
    file: 'src/graph/lookup.ts',
    find: 'filter(({ key }) => key.app === app)\n  const tier',
    replace: 'filter(({ key }) => key.app !== undefined)\n  const tier',
  },
  {
    what: 'a selector in another namespace covers without its namespace selector',
    file: 'src/graph/lookup.ts',
    find: ': other.key.namespace === self.namespace\n      return inNamespace',
    replace: ': other.key.namespace !== undefined\n      return inNamespace',
  },
  {
    what: 'internet includes private addresses',
    file: 'src/graph/outside.ts',
    find: "'10.0.0.0/8',\n",
    replace: '',
  },
  {
    what: 'internet includes the cluster’s ranges',
    file: 'src/graph/outside.ts',
    find: '[...less, ...ranges].flatMap',
    replace: '[...less].flatMap',
  },
  {
    what: 'in `from`, the API server’s own port is opened',
    file: 'src/graph/open-edges.ts',
    find: "if (brings && entry.peer.kind !== 'kube-apiserver') return brings",
    replace: 'if (brings) return brings',
  },
  {
    what: 'in `to`, the ports of a peer are ignored',
    file: 'src/graph/open-edges.ts',
    find: "return entry.ports ?? brings ?? 'all'",
    replace: "return brings ?? 'all'",
  },
  {
    what: 'the preset wins over the annotation',
    file: 'src/intent/members.ts',
    find: 'const from = own.from ?? appTier?.from ?? presetFrom(key.tier)',
    replace: 'const from = appTier?.from ?? presetFrom(key.tier)',
  },
  {
    what: 'the AppTier wins over the annotation',
    file: 'src/intent/members.ts',
    find: 'const ports = own.ports ?? appTier?.ports ??',
    replace: 'const ports = appTier?.ports ?? own.ports ??',
  },
  {
    what: 'an AppTier covers workloads by their template labels',
    file: 'src/intent/members.ts',
    find: 'impliesSelector(workload.selector, selector)',
    replace: 'matchesLabels(selector, workload.template.metadata.labels)',
  },
  {
    what: 'a `from` without any ports is let through',
    file: 'src/intent/checks.ts',
    find: 'const checks: readonly Check[] = [everyPeerHasPorts, namesStayInside]',
    replace: 'const checks: readonly Check[] = [namesStayInside]',
  },
  {
    what: 'a host bit in a CIDR is let through',
    file: 'src/api/cidr.ts',
    find: 'network.some((byte, index) => byte !== parsed.bytes[index])',
    replace: 'network.some((byte, index) => byte < 0 && byte !== parsed.bytes[index])',
  },
  {
    what: 'a broken annotation leaves its tier sound',
    file: 'src/intent/annotations.ts',
    find: 'sound: problems.length === 0,',
    replace: 'sound: true,',
  },
  {
    what: 'kube-system is not refused',
    file: 'src/intent/namespaces.ts',
    find: "['kube-system', 'kube-public', 'kube-node-lease']",
    replace: "['kube-public', 'kube-node-lease']",
  },
  {
    what: 'audit writes as enforce does',
    file: 'src/engine.ts',
    find: "intent.isolation === 'enforce' ? policies : []",
    replace: "intent.isolation !== 'off' ? policies : []",
  },
  {
    what: 'the evaluator reads an absent `from` as nobody',
    file: 'src/evaluate/policies.ts',
    find: 'peers: peers === undefined || peers.length === 0 ? undefined :',
    replace: 'peers: peers === undefined ? [] :',
  },
  {
    what: 'the evaluator takes either side’s word for both',
    file: 'src/evaluate/flow.ts',
    find: 'allowed: egress.allowed && ingress.allowed, egress',
    replace: 'allowed: egress.allowed || ingress.allowed, egress',
  },
  {
    what: 'the evaluator forgets the namespace selector beside a pod selector',
    file: 'src/evaluate/peers.ts',
    find: 'return namespaceMatches ? namespaceMatches(pod.namespaceLabels) : pod.namespace === policyNamespace',
    replace: 'return namespaceMatches && !podSelector ? namespaceMatches(pod.namespaceLabels) : true',
  },
  {
    what: 'the evaluator lets a bare pod selector match in every namespace',
    file: 'src/evaluate/peers.ts',
    find: ': pod.namespace === policyNamespace',
    replace: ': policyNamespace !== undefined',
  },
  {
    what: 'the evaluator ignores exceptions',
    file: 'src/evaluate/addresses.ts',
    find: '&& !contains(outside, address)',
    replace: '',
  },
  {
    what: 'the evaluator stops a range one port early',
    file: 'src/evaluate/ports.ts',
    find: 'first <= port && port <= last',
    replace: 'first <= port && port < last',
  },
  {
    what: 'the evaluator ignores protocols',
    file: 'src/evaluate/ports.ts',
    find: ".filter(port => (port.protocol ?? 'TCP') === protocol)",
    replace: '',
  },
  {
    what: 'the evaluator judges pods on the host’s network as any others',
    file: 'src/evaluate/ends.ts',
    find: "return end.is === 'pod' && !end.hostNetwork ? end : undefined",
    replace: "return end.is === 'pod' ? end : undefined",
  },
  {
    what: 'the evaluator takes policyTypes for Ingress alone where they are absent',
    file: 'src/evaluate/policies.ts',
    find: "policyTypes.length === 0 ? egress.length > 0 : policyTypes.includes('Egress')",
    replace: "policyTypes.includes('Egress')",
  },
  {
    what: 'a plan writes default-deny before the tiers',
    file: 'src/plan/index.ts',
    find: "return [{ verb: 'create', namespace, name, policy: after, rank }]",
    replace: "return [{ verb: 'create', namespace, name, policy: after, rank: -rank }]",
  },
  {
    what: 'a plan opens before it has closed',
    file: 'src/plan/settle.ts',
    find: 'const mustClose = partly.length > 0 ||',
    replace: 'const mustClose = partly.length > 999 &&',
  },
  {
    what: 'a plan’s first policy on a pod forgets the pod’s other tiers',
    file: 'src/plan/arrive.ts',
    find: 'together.flatMap(group => coverUnisolated(group, []))',
    replace: 'together.slice(0, 0).flatMap(group => coverUnisolated(group, []))',
  },
  {
    what: 'a plan drops at once what another policy is to grant later',
    file: 'src/plan/settle.ts',
    find: 'const held = others.length > 0 ?',
    replace: 'const held = others.length > 999 ?',
  },
  {
    what: 'a policy is taken for ours by its name, whoever wrote it',
    file: 'src/live/seen-policy.ts',
    find: 'entry.manager !== fieldManager || ',
    replace: '',
  },
  {
    what: 'what the server answered counts as sent, whatever it holds',
    file: 'src/live/as-sent.ts',
    find: ' || !sameOnWire(json.spec, spec)',
    replace: '',
  },
  {
    what: 'an annotation that went is not noticed as long as the spec is the same',
    file: 'src/live/same-words.ts',
    find: 'ours.length === Object.keys(before.annotations).length',
    replace: 'ours.length >= 0',
  },
  {
    what: 'broken input does not fall back on what was last good',
    file: 'src/live/outlook.ts',
    find: 'if (!former) return',
    replace: 'if (former || !former) return',
  },
  {
    what: 'the policy of broken input is not kept where its words are lost',
    file: 'src/live/kept.ts',
    find: 'if (unwanted.length === 0) return []',
    replace: 'if (unwanted.length >= 0) return []',
  },
  {
    what: 'a namespace that an AppTier names is not looked at with it',
    file: 'src/live/links.ts',
    find: '"namespace":"([^"]*)"',
    replace: '"namespaces":"([^"]*)"',
  },
  {
    what: 'a deny comes although the name of a tier’s policy is taken',
    file: 'src/live/claim.ts',
    find: 'desired: conflicts.every(isSharedName) ?',
    replace: 'desired: conflicts.length >= 0 ?',
  },
  {
    what: 'what AppTiers asked for goes with their definition',
    file: 'src/live/outlook.ts',
    find: 'const remembered = servesAppTiers',
    replace: 'const remembered = servesAppTiers || !servesAppTiers',
  },
]
