/** Specs of AppTiers as people might write them, right, wrong, and those on which the two doors differ. */

type Specs = Readonly<Record<string, unknown>>

const count = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index))
const labels = (role: unknown) => ({ matchLabels: { role } })
const expression = (more: object) => ({ matchExpressions: [{ key: 'role', ...more }] })
const from = (...peers: readonly unknown[]) => ({ from: peers })
const ports = (...list: readonly unknown[]) => ({ ports: list })
const pods = labels('client')

export const accepted: Specs = {
  'without a spec': undefined,
  'that is null': null,
  'with nothing said': {},
  'of tier, app and a port': { app: 'shop', tier: 'db', ports: [{ port: 3306 }] },
  'of the unnamed app': { app: '-' },
  'of an app with capitals, dots and underscores': { app: 'My_Shop.v2' },
  'of an app of 63 characters': { app: 'a'.repeat(63) },
  'of a tier of 63 characters': { tier: 'a'.repeat(63) },
  'of a tier of one letter': { tier: 'a' },
  'of a tier that is a reserved word and more': { tier: 'cluster-admin' },

  'with no ports': { ports: [] },
  'with the first and the last port': ports({ port: 1 }, { port: 65535 }),
  'with a range': ports({ port: 8000, endPort: 8010, protocol: 'UDP' }),
  'with a range of one port': ports({ port: 8000, endPort: 8000 }),
  'with a named port of SCTP': ports({ port: 'sig', protocol: 'SCTP' }),
  'with a port name of 15 characters': ports({ port: 'a23456789012345' }),
  'with a port name that starts with a digit': ports({ port: '1a' }),
  'with a port name of one letter': ports({ port: 'a' }),
  'with a port name of words': ports({ port: 'http-2-x' }),
  'with the same port twice': ports({ port: 80 }, { port: 80 }),
  'with 64 ports': { ports: count(64, index => ({ port: index + 1 })) },

  'selecting by label': { selector: labels('db') },
  'selecting by an empty label value': { selector: labels('') },
  'selecting by a label value of 63 characters': { selector: labels('a'.repeat(63)) },
  'selecting by a prefixed label': { selector: { matchLabels: { 'app.kubernetes.io/name': 'db' } } },
  'selecting by In': { selector: expression({ operator: 'In', values: ['db', ''] }) },
  'selecting by NotIn': { selector: expression({ operator: 'NotIn', values: ['db'] }) },
  'selecting by Exists': { selector: expression({ operator: 'Exists' }) },
  'selecting by DoesNotExist with an empty list of values': {
    selector: expression({ operator: 'DoesNotExist', values: [] }),
  },
  'selecting by expressions beside labels that are null': {
    selector: { matchLabels: null, ...expression({ operator: 'Exists' }) },
  },
  'selecting by labels and expressions': {
    selector: { ...labels('db'), ...expression({ operator: 'Exists' }) },
  },
  'selecting by 64 labels': {
    selector: { matchLabels: Object.fromEntries(count(64, index => [`key-${index}`, ''])) },
  },

  'from nobody': { from: [], to: [] },
  'from a tier': from({ tier: 'web' }),
  'from a tier of another app and namespace': from({ tier: 'web', app: 'My.Shop', namespace: '1data' }),
  'from all tiers of an app': from({ tier: '*', app: 'shop' }),
  'from all tiers of the unnamed app': from({ tier: '*', app: '-', namespace: 'data' }),
  'from each word': from(
    { anywhere: true },
    { cluster: true },
    { sameNamespace: true },
    { internet: true },
    { kubeApiserver: true },
  ),
  'from a named peer': from({ named: '1monitoring' }),
  'from a peer with its own ports': from({ named: 'monitoring', ports: [{ port: 'metrics' }] }),
  'from an IPv4 range': from({ cidr: '10.0.0.0/8' }),
  'from one IPv4 address': from({ cidr: '192.168.5.10/32', except: [] }),
  'from every IPv4 address': from({ cidr: '0.0.0.0/0' }),
  'from an IPv6 range': from({ cidr: '2001:db8::/32' }),
  'from every IPv6 address': from({ cidr: '::/0' }),
  'from an IPv6 range with capitals and zeros': from({ cidr: '2001:0DB8:0:0::/64' }),
  'from an IPv6 address that ends like IPv4': from({ cidr: '64:ff9b::192.0.2.1/128' }),
  'from a range with an exception': from({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }),
  'from an IPv6 range with an exception': from({ cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] }),
  'from a range with the same exception twice': from({
    cidr: '10.0.0.0/8',
    except: ['10.1.0.0/16', '10.1.0.0/16'],
  }),
  'from a range with 64 exceptions': from({
    cidr: '10.0.0.0/8',
    except: count(64, index => `10.${index}.0.0/16`),
  }),
  'from pods of this namespace': from({ podSelector: pods }),
  'from namespaces': from({ namespaceSelector: pods }),
  'from pods of namespaces': from({ podSelector: pods, namespaceSelector: pods }),
  'from pods of every namespace': from({ podSelector: pods, namespaceSelector: {} }),
  'from 256 peers': { from: count(256, index => ({ tier: `tier-${index}` })) },
  'to the internet on a port': { to: [{ internet: true, ports: [{ port: 443 }] }] },
}

export const refused: Specs = {
  'that is text': 'web',
  'that is a list': [],
  'with a field that is unknown': { teir: 'db' },
  'with a field in other letters': { Ports: [] },

  'of an app that is empty': { app: '' },
  'of an app of 64 characters': { app: 'a'.repeat(64) },
  'of an app that ends with a dot': { app: 'shop.' },
  'of an app that is a number': { app: 5 },
  'of a tier that is empty': { tier: '' },
  'of a tier with capitals': { tier: 'Web' },
  'of a tier that starts with a digit': { tier: '1web' },
  'of a tier that ends with a dash': { tier: 'web-' },
  'of a tier with a dot': { tier: 'web.v2' },
  'of a tier of 64 characters': { tier: 'a'.repeat(64) },
  'of a tier that is a star': { tier: '*' },
  'of a tier with a line break at its end': { tier: 'web\n' },
  ...Object.fromEntries(
    ['anywhere', 'cluster', 'namespace', 'internet', 'kube-apiserver', 'none'].map(word => [
      `of the tier ${word}`,
      { tier: word },
    ]),
  ),

  'with ports that are text': { ports: '80' },
  'with a port that is a number': ports(80),
  'with a port that is null': ports(null),
  'with a port without a number': ports({}),
  'with a port and a field that is unknown': ports({ port: 80, portocol: 'UDP' }),
  'with port 0': ports({ port: 0 }),
  'with port 65536': ports({ port: 65536 }),
  'with a negative port': ports({ port: -1 }),
  'with half a port': ports({ port: 80.5 }),
  'with a port number in quotes': ports({ port: '80' }),
  'with a port name with capitals': ports({ port: 'HTTP' }),
  'with a port name without a letter': ports({ port: '8-0' }),
  'with a port name of 16 characters': ports({ port: 'a234567890123456' }),
  'with a port name with two dashes': ports({ port: 'a--b' }),
  'with a port name that ends with a dash': ports({ port: 'a-' }),
  'with a port name that is empty': ports({ port: '' }),
  'with a port that is true': ports({ port: true }),
  'with a protocol in small letters': ports({ port: 80, protocol: 'tcp' }),
  'with a protocol of no ports': ports({ port: 80, protocol: 'ICMP' }),
  'with a range that runs backwards': ports({ port: 80, endPort: 79 }),
  'with a range from a name': ports({ port: 'http', endPort: 90 }),
  'with a range to a name': ports({ port: 80, endPort: 'http' }),
  'with a range beyond the last port': ports({ port: 80, endPort: 65536 }),
  'with 65 ports': { ports: count(65, index => ({ port: index + 1 })) },

  'selecting everything': { selector: {} },
  'selecting everything by empty lists': { selector: { matchLabels: {}, matchExpressions: [] } },
  'selecting by text': { selector: 'role=db' },
  'selecting by labels outside of matchLabels': { selector: { role: 'db' } },
  'selecting by a label value that is a number': { selector: labels(1) },
  'selecting by a label whose value is null': { selector: labels(null) },
  'selecting by a label value with a blank': { selector: labels('a b') },
  'selecting by a label value of 64 characters': { selector: labels('a'.repeat(64)) },
  'selecting by an operator that is unknown': { selector: expression({ operator: 'Equals', values: ['db'] }) },
  'selecting by In without values': { selector: expression({ operator: 'In' }) },
  'selecting by NotIn with an empty list of values': { selector: expression({ operator: 'NotIn', values: [] }) },
  'selecting by Exists with values': { selector: expression({ operator: 'Exists', values: ['db'] }) },
  'selecting by an expression without a key': { selector: { matchExpressions: [{ operator: 'Exists' }] } },
  'selecting by an expression with a key that is no label key': {
    selector: { matchExpressions: [{ key: 'a b', operator: 'Exists' }] },
  },
  'selecting by In with a value that is no label value': {
    selector: expression({ operator: 'In', values: ['a b'] }),
  },
  'selecting by 65 labels': {
    selector: { matchLabels: Object.fromEntries(count(65, index => [`key-${index}`, ''])) },
  },

  'from text': { from: 'web' },
  'from a tier in short': from('web'),
  'from a peer that is null': from(null),
  'from a peer of no kind': from({}),
  'from a peer of ports alone': from({ ports: [{ port: 80 }] }),
  'from a peer of an unknown kind': from({ ipBlock: { cidr: '10.0.0.0/8' } }),
  'from a peer of two kinds': from({ tier: 'web', cidr: '10.0.0.0/8' }),
  'from a peer that is a word and pods': from({ anywhere: true, podSelector: pods }),
  'from a word that is false': from({ anywhere: false }),
  'from a word in quotes': from({ cluster: 'true' }),
  'from a tier with capitals': from({ tier: 'Web' }),
  'from a tier that is a word of the grammar': from({ tier: 'anywhere' }),
  'from all tiers of no app': from({ tier: '*' }),
  'from an app without a tier': from({ app: 'shop' }),
  'from a word with an app': from({ anywhere: true, app: 'shop' }),
  'from a namespace without a tier': from({ namespace: 'data' }),
  'from a tier of a namespace with a dot': from({ tier: 'web', namespace: 'a.b' }),
  'from a tier of a namespace of 64 characters': from({ tier: 'web', namespace: 'a'.repeat(64) }),
  'from a tier of an app with a slash': from({ tier: 'web', app: 'a/b' }),
  'from a named peer with an at sign': from({ named: '@monitoring' }),
  'from a range with bits beyond its prefix': from({ cidr: '10.0.0.1/8' }),
  'from an address without a prefix': from({ cidr: '10.0.0.1' }),
  'from a range that is empty text': from({ cidr: '' }),
  'from a range with leading zeros': from({ cidr: '010.0.0.0/8' }),
  'from a range with a leading zero in its prefix': from({ cidr: '10.0.0.0/08' }),
  'from a range of three numbers': from({ cidr: '10.0.0/24' }),
  'from a range with a prefix that is too long': from({ cidr: '10.0.0.0/33' }),
  'from an IPv6 range with bits beyond its prefix': from({ cidr: '2001:db8::1/32' }),
  'from an IPv4 range spelt as IPv6': from({ cidr: '::ffff:10.0.0.0/104' }),
  'from an IPv6 range with a zone': from({ cidr: 'fe80::%eth0/64' }),
  'from a range with an exception outside': from({ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }),
  'from a range with an exception that is all of it': from({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }),
  'from a range with an exception that is more': from({ cidr: '10.0.0.0/8', except: ['0.0.0.0/0'] }),
  'from a range with an exception of the other family': from({ cidr: '10.0.0.0/8', except: ['2001:db8::/32'] }),
  'from a range with an exception with bits beyond its prefix': from({
    cidr: '10.0.0.0/8',
    except: ['10.1.0.1/16'],
  }),
  'from a range with 65 exceptions': from({
    cidr: '10.0.0.0/8',
    except: count(65, index => `10.${index}.0.0/16`),
  }),
  'from a tier with exceptions': from({ tier: 'web', except: ['10.0.0.0/8'] }),
  'from all pods': from({ podSelector: {} }),
  'from all namespaces': from({ namespaceSelector: {} }),
  'from all pods of all namespaces': from({ podSelector: {}, namespaceSelector: {} }),
  'from all pods of some namespaces': from({ podSelector: {}, namespaceSelector: pods }),
  'from pods by empty labels': from({ podSelector: { matchLabels: {} } }),
  'from a peer with an empty list of ports': from({ tier: 'web', ports: [] }),
  'from a peer with a port that is wrong': from({ tier: 'web', ports: [{ port: 0 }] }),
  'from 257 peers': { from: count(257, index => ({ tier: `tier-${index}` })) },
  'to a peer of no kind': { to: [{}] },
}

interface Difference {
  readonly because: string
  readonly specs: Specs
}

/** The API server accepts them, the reader does not: what is wrong stands in the object's status, where others look at once. */
export const refusedByTheReaderAlone: readonly Difference[] = [
  {
    because: 'the API server takes a null away before anybody sees it; in a file it may mean nobody, or nothing said',
    specs: {
      'of an app that is null': { app: null },
      'of a tier that is null': { tier: null },
      'with ports that are null': { ports: null },
      'with a selector that is null': { selector: null },
      'from null': { from: null },
      'to null': { to: null },
      'with a protocol that is null': ports({ port: 80, protocol: null }),
      'with an end of a range that is null': ports({ port: 80, endPort: null }),
      'from a peer with ports that are null': from({ tier: 'web', ports: null }),
      'from a peer of two kinds, one of them null': from({ tier: 'web', cidr: null }),
      'with expressions that are null': { selector: { ...labels('db'), matchExpressions: null } },
      'selecting by a label whose value is null, and another': {
        selector: { matchLabels: { role: null, app: 'shop' } },
      },
    },
  },
  {
    because: 'the schema of a CRD says nothing about the keys of a map',
    specs: {
      'selecting by a label key with a blank': { selector: { matchLabels: { 'a b': 'c' } } },
      'selecting by an empty label key': { selector: { matchLabels: { '': 'c' } } },
      'selecting by the label key __proto__': { selector: { matchLabels: JSON.parse('{"__proto__":"c"}') } },
      'from pods by a label key with two slashes': from({ podSelector: { matchLabels: { 'a/b/c': 'd' } } }),
    },
  },
  {
    because: 'the pattern for the key of an expression leaves out how long each of its parts may be',
    specs: {
      'selecting by a key with a prefix that is no domain': {
        selector: { matchExpressions: [{ key: 'a..b/c', operator: 'Exists' }] },
      },
      'selecting by a key with a word of 64 characters': {
        selector: { matchExpressions: [{ key: 'a'.repeat(64), operator: 'Exists' }] },
      },
    },
  },
  {
    because: 'no rule of a CRD adds up the characters of a selector',
    specs: {
      'selecting by more than 4,096 characters': {
        selector: { matchLabels: Object.fromEntries(count(64, index => [`key-${index}`, 'a'.repeat(63)])) },
      },
    },
  },
]
