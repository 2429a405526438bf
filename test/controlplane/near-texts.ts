/** Texts of annotations that are nearly right: of the grammar's own pieces, and right ones with a slip of the pen. */

import { annotation } from '../../src/api/annotations.ts'
import fc from '../seeded.ts'
import { good, type Row } from './admission-texts.ts'

const oneOf = fc.constantFrom
const words = (texts: string) => oneOf(...texts.split(' '))

const name = words('web api shop My.App_2 - a.b none anywhere internet kube-apiserver front 0 db-1')
const word = fc.oneof(
  name,
  fc.tuple(name, name).map(parts => parts.join('/')),
  fc.tuple(name, name).map(parts => parts.join('.')),
  fc.tuple(name, name, name).map(([app, tier, namespace]) => `${app}/${tier}.${namespace}`),
  words('* shop/* *.front @monitoring cluster namespace shop/*.front'),
)
const v4 = words('10.0.0.0/8 10.1.0.0/16 10.1.2.3/32 0.0.0.0/0 10.0.0.1/8 10.0.0.0')
/** Shortened at any place, or at two, and with an ending in IPv4 that may be odd. */
const v6 = fc
  .tuple(
    fc.array(words('0 1 db8 2001 FFFF 00001'), { maxLength: 8 }),
    fc.nat(8),
    fc.option(words('1.2.3.4 01.2.3.4 0x1.2.3.4 1.2.3.256 1.2.3'), { freq: 6 }),
    words('0 16 128 129'),
  )
  .map(([groups, at, end, prefix]) => {
    const all = end === null ? groups : [...groups, end]
    const text = at < 8 ? `${all.slice(0, at).join(':')}::${all.slice(at).join(':')}` : all.join(':')
    return `${text}/${prefix}`
  })
const cidr = fc.oneof(v4, words('2001:db8::/32 2001:db8:1::/48 ::/0'), v6)
const block = fc.array(cidr, { minLength: 1, maxLength: 3 }).map(parts => parts.join('!'))
const range = fc.oneof(
  block,
  block.map(text => `[${text}]`),
)
const port = words('80 65535 65536 0 80-90 90-80 http a-b 9p 80/TCP 53/UDP http/SCTP 80/tcp')
const peer = fc
  .tuple(fc.oneof(word, range), fc.option(port))
  .map(([who, port]) => (port === null ? who : `${who}:${port}`))

const listOf = (entry: fc.Arbitrary<string>) =>
  fc.array(entry, { minLength: 1, maxLength: 4 }).chain(parts => oneOf(',', ', ', ' ,\n').map(sign => parts.join(sign)))
const pieces = (texts: string) => fc.array(words(texts), { maxLength: 6 }).map(parts => parts.join(''))

const letters = [...'aZ09-./:!@*[],_ \n', '\ufeff', 'é', '😀']

/** One letter more, less, or another. */
const slip = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat(), oneOf(...letters), fc.nat(2), fc.boolean()).map(([right, place, letter, taken, added]) => {
    const at = place % (right.length + 1)
    return right.slice(0, at) + (added ? letter : '') + right.slice(at + taken)
  })

const goodOf = (key: string) =>
  oneOf(...good.filter(row => row.key === key && row.text.length < 200).map(({ text }) => text))
const mostly = (key: string, right: fc.Arbitrary<string>, parts: string) =>
  fc.oneof(right, goodOf(key), slip(right), slip(goodOf(key)), pieces(parts)).map((text): Row => ({ key, text }))

const peerPieces =
  'web Web / . : 80 http - ! 10.0.0.0/8 10.1.0.0/16 :: 2001:db8::/32 [ ] @ * none , cluster _ 1.2.3.4 /32'

export const nearRow: fc.Arbitrary<Row> = fc.oneof(
  mostly(annotation.tier, name, 'web - _ . 0 A none'),
  mostly(annotation.app, name, 'shop - _ . 0 A /'),
  { weight: 3, arbitrary: mostly(annotation.ports, listOf(port), '80 0 65535 - / TCP UDP http , none a') },
  { weight: 4, arbitrary: mostly(annotation.from, listOf(peer), peerPieces) },
  { weight: 4, arbitrary: mostly(annotation.to, listOf(peer), peerPieces) },
)

const prefix = words(
  'tierwall.dev tierwall.dev tierwal.dev tierwall.io TierWall.Dev x.tierwall.com firewall.dev tier.dev',
)

/** Keys that are one of ours, nearly one, or nobody knows whose; only such as Kubernetes takes for keys. */
export const nearKey: fc.Arbitrary<string> = fc
  .tuple(
    prefix,
    fc.oneof(
      words('tier app ports allow-from allow-to isolation because'),
      slip(words('tier app allow_from ALLOW-TO')),
    ),
  )
  .map(parts => parts.join('/'))
  .filter(key => /^[A-Za-z.]+\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(key))
