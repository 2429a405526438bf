/** Texts of annotations, good and bad, and the few bad ones that the policies cannot tell from good ones. */
import { annotation } from '../../src/api/annotations.ts'
import { limits } from '../../src/api/limits.ts'

const { tier, app, ports, from, to } = annotation

export interface Row {
  readonly key: string
  readonly text: string
}

/** Words with a blank between them; what holds blanks itself stands apart. */
const words = (...lines: readonly string[]) => lines.flatMap(line => line.split(' '))
const rows = (key: string, texts: readonly string[]): Row[] => texts.map(text => ({ key, text }))
const many = (count: number, write: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => write(index)).join(separator)
const upTo = (length: number, start: string) => start.padEnd(length, 'a')
const exceptions = (count: number) => `10.0.0.0/8!${many(count, index => `10.${index}.0.0/16`, '!')}`

const goodPorts = [
  ...words('80 1 65535 80-90 80-80 http a 9p a-b-c 0-a abcdefghijklmno 80/TCP 53/UDP 8000-8010/SCTP metrics/UDP none'),
  ...[' none ', '80,80', '5000, 9090/TCP, 53/UDP, 8000-8010, metrics', '\t80\n', '\u00a080\u2003', '\ufeff80'],
  ...[many(limits.ports, index => `${index + 1}`), '80'.padEnd(limits.characters)],
]

const badPorts = [
  ...words(', 80, 80,,81 ,80 none,80 80,none None 0 080 65536 99999999999999999999 80-79 80-0 80- -80 - 80-90-100'),
  ...words('80/tcp 80/Udp 80/ICMP 80/ /TCP 80/TCP/UDP 80:81 HTTP http- -http a--b abcdefghijklmnop 8_0 1.5 ẃeb 80;81'),
  ...['', ' ', '80\n81', '+80', '80 /TCP', '80'.padEnd(limits.characters + 1), many(5000, () => 'x')],
  many(limits.ports + 1, index => `${index + 1}`),
]

const goodPeers = [
  ...words(
    'web shop/web web.front shop/web.front my.app/web.front My_App.2/web -/web -/* shop/* shop/*.front *.front *.0',
  ),
  ...words('@monitoring @0 anywhere cluster namespace internet kube-apiserver none nonesuch all everyone web.cluster'),
  ...words(
    'none.x/web anywhere.y/web.z 10/web 10.0.0.0/web web:80 web:80-90/UDP web:http fe:80 anywhere:80 *.front:80',
  ),
  ...words('@monitoring:metrics/SCTP 10.0.0.0/8 0.0.0.0/0 192.168.5.10/32:80 10.0.0.0/8!10.1.0.0/16!10.2.0.0/16'),
  ...words('[10.0.0.0/8] [10.0.0.0/8!10.1.0.0/16]:443 10.0.0.0/8!10.0.0.0/9 [2001:db8::/32]:53/UDP [2001:db8::/32]'),
  ...words('2001:db8::/32 2001:DB8:0::/32 2001:db8::/32!2001:db8:1::/48 ::/0 ::1/128 fe80::/10 1:2:3:4:5:6:7:8/128'),
  ...words('1:2:3:4:5:6:7::/112 64:ff9b::/96 64:ff9b::1.2.3.4/128 [64:ff9b::0x1.2.3.4/128]'),
  ...[' none ', ' web , api ', '\ufeffweb\u00a0', 'web\n,api', many(limits.peers, index => `t${index}`)],
  ...[upTo(63, 'w'), `${upTo(63, 'A')}/${upTo(63, 'w')}.${upTo(63, '0')}:80`, `@${upTo(63, 'm')}`],
  ...[`${'a.'.repeat(31)}a/web`, exceptions(limits.exceptions), 'web'.padEnd(limits.characters)],
]

const badPeers = [
  ...words(
    'web, web,,api web,none none:80 Web WEB web_1 Web_1 * - [] {} All Anywhere ANYWHERE web;api ẃeb http://shop',
  ),
  ...words(
    'api.example.com anywhere.front shop/anywhere shop/none.x none.x web. .shop . web.Front a.b.web web/ /web */web',
  ),
  ...words('a/b/web shop/*/x ** shop/** *. @ @UP @a.b @- web@x 1web web- -web _/web shop-/web "web"'),
  ...words('0.0.0.0 10.0.0.0 :: 2001:db8:: 10.0.0/8 10.0.0.0/ 10.0.0.0/33 10.0.0.0/08 010.0.0.0/8 256.0.0.0/8 1.2/8'),
  ...words('10.0.0.0/8/8 10.0.0.0/+8 2001:db8::/129 fe80::1%eth0/128 [fe80::%eth0/64] ::ffff:a00:0/104 1::2::3/64'),
  ...words(
    '1:2:3:4:5:6:7:8:9/64 12345::/32 a:b:c 10.0.0.1/8 2001:db8::1/32 10.0.0.0/8!10.1.0.1/16 64:ff9b::1.2.3.4/96',
  ),
  ...words('10.0.0.0/8!11.0.0.0/8 10.0.0.0/8!10.0.0.0/8 10.0.0.0/8!2001:db8::/32 10.1.0.0/16!10.0.0.0/8 ! !10.0.0.0/8'),
  ...words(
    '10.0.0.0/8! 10.0.0.0/8!web web!10.0.0.0/8 [10.0.0.0/8 10.0.0.0/8] [10.0.0.0/8]80 [[10.0.0.0/8]] [web] []:80',
  ),
  ...words('2001:db8::/32:443 10.0.0.0/8!10.1.0.0/16:80 [10.0.0.0/8]: [10.0.0.0/8]:0 10.0.0.0/8:0 10.0.0.0/8:80:81'),
  ...words('web: web:80:90 web:0 web:65536 web:80-79 web:80/udp web:80/ web:- web:HTTP web:abcdefghijklmnop :80 @x:'),
  ...['', ' ', 'none, web', 'web api', 'tier: web', 'we\nb', 'web:8\n0', many(limits.peers + 1, index => `t${index}`)],
  ...[upTo(64, 'w'), `${upTo(64, 'A')}/web`, `web.${upTo(64, '0')}`, `@${upTo(64, 'm')}`, `${'a.'.repeat(32)}a/web`],
  ...[exceptions(limits.exceptions + 1), 'web'.padEnd(limits.characters + 1)],
]

/** Only `allow-to` looks at port names: addresses outside have none. */
const namesOutside = words(
  '10.0.0.0/8:http [10.0.0.0/8!10.1.0.0/16]:http/UDP [::/0]:a internet:https kube-apiserver:https',
)

/** The other list of peers is read by the same rules. */
const some = (texts: readonly string[]) => texts.filter((_, index) => index % 6 === 0)

export const good: readonly Row[] = [
  ...rows(tier, ['web', 'a', 'cluster-1', 'a-1', upTo(63, 't')]),
  ...rows(app, ['shop', '-', 'A', '0', 'My_Shop.2', upTo(63, 'A')]),
  ...rows(ports, goodPorts),
  ...rows(from, [...goodPeers, ...namesOutside]),
  ...rows(to, [...some(goodPeers), 'web:http', 'anywhere:http', 'cluster:http', '@monitoring:http']),
]

export const bad: readonly Row[] = [
  ...rows(tier, ['', ' ', 'w\nb', 'web ', ...words('Web WEB 1web -web web- we_b we.b none anywhere ẃ'), upTo(64, 't')]),
  ...rows(app, ['', ' ', 'a b', 'a\n', ...words('-a a- _ a/b * ẃ'), upTo(64, 'A')]),
  ...rows(ports, badPorts),
  ...rows(from, badPeers),
  ...rows(to, [...some(badPeers), ...namesOutside]),
]

/** Refused by both, but with a fix of its own: CEL has no near matches, and takes no word apart letter by letter. */
export const otherFix: readonly string[] = ['1web', '-web', 'web-', 'w\nb', upTo(64, 't'), '80/TCP/UDP', 'none.x']

/** What lint refuses and the policies let pass: the operator still reports it. */
export const beyondCel: readonly { readonly because: string; readonly rows: readonly Row[] }[] = [
  {
    because: 'CEL takes U+0085 for white space, and the reader does not',
    rows: [...rows(ports, ['\u008580']), ...rows(from, ['web\u0085'])],
  },
  {
    because: 'in a range of IPv6, the API server reads other spellings of an IPv4 ending than the reader',
    rows: rows(from, words('::ffff:10.0.0.0/104 ::1.2.3.4/128 64:ff9b::1.2.3.256/128')),
  },
  {
    because: 'CEL cannot tell how far one word is from another',
    rows: ['tierwal.dev/teir', 'tierwall.io/allowfrom', 'tirewall.dev/tier'].flatMap(key => rows(key, ['web'])),
  },
]
