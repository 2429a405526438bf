import { describe, expect, it } from 'vitest'
import { readPeerList, writePeerWithPorts } from '../../src/api/peers.ts'
import fc from '../seeded.ts'

const kindsOf = (text: string) => readPeerList(text).peers.map(({ peer }) => peer)
const codesOf = (text: string) => readPeerList(text).faults.map(({ code }) => code)
const fixOf = (text: string) =>
  readPeerList(text)
    .faults.map(({ fix }) => fix)
    .join('; ')

describe('the grammar of peers', () => {
  it.each([
    ['web', { kind: 'tier', tier: 'web' }],
    ['shop/web', { kind: 'tier', app: 'shop', tier: 'web' }],
    ['web.front', { kind: 'tier', tier: 'web', namespace: 'front' }],
    ['shop/web.front', { kind: 'tier', app: 'shop', tier: 'web', namespace: 'front' }],
    ['my.app/web.front', { kind: 'tier', app: 'my.app', tier: 'web', namespace: 'front' }],
    ['-/web', { kind: 'tier', app: '', tier: 'web' }],
    ['shop/*', { kind: 'app', app: 'shop' }],
    ['shop/*.front', { kind: 'app', app: 'shop', namespace: 'front' }],
    ['*.front', { kind: 'pods-of', namespace: 'front' }],
    ['10.0.0.0/8', { kind: 'cidr', cidr: '10.0.0.0/8', except: [] }],
    [
      '10.0.0.0/8!10.1.0.0/16!10.2.0.0/16',
      { kind: 'cidr', cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] },
    ],
    ['2001:db8::/32', { kind: 'cidr', cidr: '2001:db8::/32', except: [] }],
    ['2001:DB8:0::/32', { kind: 'cidr', cidr: '2001:db8::/32', except: [] }],
    ['anywhere', { kind: 'anywhere' }],
    ['cluster', { kind: 'cluster' }],
    ['namespace', { kind: 'namespace' }],
    ['internet', { kind: 'internet' }],
    ['kube-apiserver', { kind: 'kube-apiserver' }],
    ['@monitoring', { kind: 'named', name: 'monitoring' }],
  ])('reads %s', (text, peer) => {
    expect(kindsOf(text)).toEqual([peer])
  })

  it.each([
    ['web:80', [{ by: 'number', first: 80, last: 80, protocol: 'TCP' }]],
    ['web:80-90/UDP', [{ by: 'number', first: 80, last: 90, protocol: 'UDP' }]],
    ['shop/web.front:http', [{ by: 'name', name: 'http', protocol: 'TCP' }]],
    ['@monitoring:metrics/SCTP', [{ by: 'name', name: 'metrics', protocol: 'SCTP' }]],
    ['192.168.5.10/32:80', [{ by: 'number', first: 80, last: 80, protocol: 'TCP' }]],
    ['[10.0.0.0/8!10.1.0.0/16]:443', [{ by: 'number', first: 443, last: 443, protocol: 'TCP' }]],
    ['[2001:db8::/32]:53/UDP', [{ by: 'number', first: 53, last: 53, protocol: 'UDP' }]],
    ['web', undefined],
    ['[2001:db8::/32]', undefined],
  ])('reads the port of %s', (text, ports) => {
    expect(readPeerList(text).peers.map(peer => peer.ports)).toEqual([ports])
  })

  it('reads none as nobody', () => {
    expect(readPeerList(' none ')).toEqual({ peers: [], faults: [] })
  })

  it.each([
    ['', 'list-empty'],
    [' ', 'list-empty'],
    ['web,', 'list-empty'],
    ['web,,api', 'list-empty'],
    ['none, web', 'none-not-alone'],
    ['Web', 'peer-invalid'],
    ['web_1', 'peer-invalid'],
    ['*', 'peer-invalid'],
    ['web api', 'peer-invalid'],
    ['api.example.com', 'peer-invalid'],
    ['anywhere.front', 'peer-invalid'],
    ['shop/anywhere', 'peer-invalid'],
    ['web.', 'peer-invalid'],
    ['@', 'peer-invalid'],
    ['0.0.0.0', 'cidr-invalid'],
    ['10.0.0.0', 'cidr-invalid'],
    ['10.0.0/8', 'cidr-invalid'],
    ['10.0.0.0/33', 'cidr-invalid'],
    ['10.0.0.0/08', 'cidr-invalid'],
    ['010.0.0.0/8', 'cidr-invalid'],
    ['::ffff:10.0.0.0/104', 'cidr-invalid'],
    ['[fe80::%eth0/64]', 'cidr-invalid'],
    ['2001:db8::/32:443', 'cidr-invalid'],
    ['10.0.0.0/8!10.1.0.0/16:80', 'cidr-invalid'],
    ['10.0.0.1/8', 'cidr-host-bits'],
    ['10.0.0.0/8!10.1.0.1/16', 'cidr-host-bits'],
    ['10.0.0.0/8!11.0.0.0/8', 'cidr-exception-outside'],
    ['10.0.0.0/8!10.0.0.0/8', 'cidr-exception-outside'],
    ['10.0.0.0/8!2001:db8::/32', 'cidr-exception-outside'],
    ['web:', 'port-invalid'],
    ['web:80:90', 'port-invalid'],
    ['web:0', 'port-invalid'],
    ['web:80/udp', 'port-invalid'],
    ['web:-', 'port-invalid'],
  ])('refuses %j as %s', (text, code) => {
    expect(codesOf(text)).toEqual([code])
    expect(readPeerList(text).peers.filter(({ text }) => text !== 'web')).toEqual([])
  })

  it.each([
    ['', /none/],
    ['0.0.0.0', /anywhere.*none/],
    ['*', /anywhere/],
    ['Web', /write web$/],
    ['192.168.5.10', /192\.168\.5\.10\/32/],
    ['10.0.0.1/8', /10\.0\.0\.1\/32.*10\.0\.0\.0\/8/],
    ['2001:db8::/32:443', /\[2001:db8::\/32\]:443/],
    ['10.0.0.0/8!10.1.0.0/16:80', /\[10\.0\.0\.0\/8!10\.1\.0\.0\/16\]:80/],
    ['api.example.com', /host names/],
    ['web:80/udp', /80\/UDP/],
  ])('says what to write instead of %j', (text, fix) => {
    expect(fixOf(text)).toMatch(fix)
  })

  it('names the place of each entry', () => {
    expect(readPeerList('web,  Api , db').faults.map(({ span }) => span)).toEqual([[6, 9]])
  })

  it('refuses more than 256 peers, 64 exceptions and 4,096 characters', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`).join(',')
    expect(codesOf(list(256))).toEqual([])
    expect(codesOf(list(257))).toEqual(['list-too-long'])
    const less = (count: number) =>
      `10.0.0.0/8${Array.from({ length: count }, (_, index) => `!10.${index}.0.0/16`).join('')}`
    expect(codesOf(less(64))).toEqual([])
    expect(codesOf(less(65))).toEqual(['list-too-long'])
    expect(codesOf('a'.repeat(4097))).toEqual(['list-too-long'])
  })

  it('reads back what it writes', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter(text => codesOf(text).length === 0 && text !== 'none')
    const port = fc.constantFrom('', ':80', ':80-90/UDP', ':http')
    const peer = fc.oneof(
      word,
      fc.tuple(word, word).map(([app, tier]) => `${app}/${tier}`),
      fc.tuple(word, word).map(([tier, namespace]) => `${tier}.${namespace}`),
      word.map(name => `@${name}`),
      fc.constantFrom('anywhere', '10.0.0.0/8', '*.front', 'shop/*', '-/web'),
    )
    fc.assert(
      fc.property(peer, port, (text, suffix) => {
        const read = readPeerList(text + suffix)
        expect(read.faults).toEqual([])
        expect(read.peers.map(writePeerWithPorts)).toEqual([text + suffix])
      }),
    )
  })

  it('never throws and never reads a faulty list as longer than it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), text => {
        const { peers, faults } = readPeerList(text)
        expect(peers.length + faults.length).toBeLessThanOrEqual(text.split(',').length)
      }),
      { numRuns: 2000 },
    )
  })
})
