import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readHost } from './outbound-host.ts';
import { createJudge, type NetworkRules } from './outbound-judge.ts';

const rules: NetworkRules = { allow: [], deny: ['10.66.0.0/16', 'fd66::/16'], loopbackAllowed: false, ownListeners: () => [] };
const { judge } = createJudge(rules);

/** What becomes of a host as somebody wrote it: the address dialled, the reason of a refusal in a word, or how it is not an address. */
function fate(text: string, judgeIt = judge): string {
  const host = readHost(text);
  if (host === null) return 'unreadable';
  if ('name' in host) return `name ${host.name}`;
  const verdict = judgeIt(host.address, 5432);
  if (verdict.allowed) return verdict.address;
  const [word] = /metadata|link-local|loopback|unspecified|multicast|broadcast|reserved|DENY|itself/.exec(verdict.why) ?? ['?'];
  return verdict.always ? `never: ${word}` : word;
}

/** Ways to write a host, and what becomes of each. */
const spellings: readonly (readonly [string, string])[] = [
  // plain
  ['10.0.0.5', '10.0.0.5'],
  ['192.168.1.2', '192.168.1.2'],
  ['172.16.9.9', '172.16.9.9'],
  ['8.8.8.8', '8.8.8.8'],
  ['100.64.0.1', '100.64.0.1'],
  ['2606:4700::1111', '2606:4700::1111'],
  ['fd12:3456::7', 'fd12:3456::7'],
  // loopback in every spelling
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['127.1', 'loopback'],
  ['127.0.1', 'loopback'],
  ['2130706433', 'loopback'],
  ['0x7f000001', 'loopback'],
  ['0X7F000001', 'loopback'],
  ['0x7f.1', 'loopback'],
  ['0x7f.0x0.0x0.0x1', 'loopback'],
  ['0177.0.0.1', 'loopback'],
  ['00000177.1', 'loopback'],
  ['017700000001', 'loopback'],
  ['127.0.0.01', 'loopback'],
  ['127.0.0x1', 'loopback'],
  ['127.0.0.1.', 'loopback'],
  [' 127.0.0.1 ', 'loopback'],
  ['１２７.0.0.1', 'loopback'],
  ['127。0。0。1', 'loopback'],
  ['127\uff0e1', 'loopback'],
  ['::1', 'loopback'],
  ['[::1]', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['::1%lo', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::FFFF:7F00:1', 'loopback'],
  ['[::ffff:127.0.0.1]', 'loopback'],
  ['::7f00:1', 'never: loopback'],
  ['64:ff9b::127.0.0.1', 'never: loopback'],
  ['64:ff9b:1::7f00:1', 'never: loopback'],
  ['64:ff9b:1:7f00:0:100::', 'never: loopback'],
  ['2002:7f00:1::', 'never: loopback'],
  ['2001:db8::5efe:127.0.0.1', 'never: loopback'],
  ['2001:0:0808:0808:0:0:80ff:fffe', 'never: loopback'],
  // metadata and link-local
  ['169.254.169.254', 'never: metadata'],
  ['2852039166', 'never: metadata'],
  ['0xa9fea9fe', 'never: metadata'],
  ['0251.0376.0251.0376', 'never: metadata'],
  ['::ffff:169.254.169.254', 'never: metadata'],
  ['64:ff9b::169.254.169.254', 'never: metadata'],
  ['64:ff9b:1::a9fe:a9fe', 'never: metadata'],
  ['64:ff9b:1:a9fe:a9:fe00::', 'never: metadata'],
  ['2002:a9fe:a9fe::1', 'never: metadata'],
  ['2001:db8::5efe:169.254.169.254', 'never: metadata'],
  ['fd12::200:5efe:a9fe:a9fe', 'never: metadata'],
  ['2001:0:a9fe:a9fe::1', 'never: metadata'],
  ['2001:0:0808:0808:0:0:5601:5601', 'never: metadata'],
  ['100.100.100.200', 'never: metadata'],
  ['168.63.129.16', 'never: metadata'],
  ['192.0.0.192', 'never: metadata'],
  ['fd00:ec2::254', 'never: metadata'],
  ['fd00:0ec2:0:0:0:0:0:0254', 'never: metadata'],
  ['fd00:ec2::23', 'never: metadata'],
  ['fd20:ce::254', 'never: metadata'],
  ['169.254.0.1', 'never: link-local'],
  ['fe80::1', 'never: link-local'],
  ['fe80::1%eth0', 'never: link-local'],
  ['[fe80::1%25eth0]', 'never: link-local'],
  ['febf::1', 'never: link-local'],
  // nobody's and everybody's
  ['0', 'never: unspecified'],
  ['0.0.0.0', 'never: unspecified'],
  ['0.1.2.3', 'never: unspecified'],
  ['::', 'never: unspecified'],
  ['::ffff:0.0.0.0', 'never: unspecified'],
  ['64:ff9b:1::', 'never: unspecified'],
  ['224.0.0.1', 'never: multicast'],
  ['239.255.255.250', 'never: multicast'],
  ['ff02::1', 'never: multicast'],
  ['255.255.255.255', 'never: broadcast'],
  ['4294967295', 'never: broadcast'],
  ['240.0.0.1', 'never: reserved'],
  ['192.0.0.8', 'never: reserved'],
  ['fec0::1', 'never: reserved'],
  ['4000::1', 'never: reserved'],
  ['::a00:5', 'never: reserved'],
  ['::ffff:0:a00:5', 'never: reserved'],
  ['100::1', 'never: reserved'],
  // denied by the setting, however it is wrapped
  ['10.66.1.2', 'DENY'],
  ['0xa.66.1.2', 'DENY'],
  ['::ffff:10.66.1.2', 'DENY'],
  ['64:ff9b::10.66.1.2', 'DENY'],
  ['64:ff9b:1::a42:102', 'DENY'],
  ['2002:a42:102::1', 'DENY'],
  ['fd66::1', 'DENY'],
  // allowed in other spellings
  ['::ffff:10.0.0.5', '10.0.0.5'],
  ['[2606:4700::1111]', '2606:4700::1111'],
  ['64:ff9b::10.0.0.5', '64:ff9b::a00:5'],
  ['2002:a00:5::1', '2002:a00:5::1'],
  ['012.0.0.5', '10.0.0.5'],
  // names
  ['DB.Example', 'name db.example'],
  ['db.example.', 'name db.example.'],
  ['my_db', 'name my_db'],
  ['bücher.example', 'name xn--bcher-kva.example'],
  ['loc\u00adalhost', 'name localhost'],
  ['1e1', 'name 1e1'],
  // neither
  ['', 'unreadable'],
  ['.', 'unreadable'],
  ['db..example', 'unreadable'],
  ['db.example..', 'unreadable'],
  ['-db.example', 'unreadable'],
  ['db.example:5432', 'unreadable'],
  ['user@db.example', 'unreadable'],
  ['db.example/x', 'unreadable'],
  ['/var/run/postgresql', 'unreadable'],
  ['db.example#', 'unreadable'],
  ['db\u0000.example', 'unreadable'],
  ['two words', 'unreadable'],
  ['bücher.example/x', 'unreadable'],
  ['08.0.0.1', 'unreadable'],
  ['256.1.1.1', 'unreadable'],
  ['4294967296', 'unreadable'],
  ['1.2.3.4.5', 'unreadable'],
  ['db.0x7f', 'unreadable'],
  ['[127.0.0.1]', 'unreadable'],
  ['[db.example]', 'unreadable'],
  ['[::1', 'unreadable'],
  ['1::2::3', 'unreadable'],
  ['::1/128', 'unreadable'],
  ['10.0.0.5%eth0', 'unreadable'],
  [`${'a'.repeat(64)}.example`, 'unreadable'],
  [`${'a.'.repeat(127)}example`, 'unreadable'],
];

describe('spellings of a host', () => {
  it.each(spellings)('%j → %s', (text, expected) => {
    expect(fate(text)).toBe(expected);
  });
});

describe('the settings', () => {
  const under = (more: Partial<NetworkRules>): ((text: string) => string) => {
    const own = createJudge({ ...rules, ...more });
    return (text) => fate(text, own.judge);
  };

  it('let loopback in by being local, or by the allow list', () => {
    const local = under({ loopbackAllowed: true });
    expect([local('127.0.0.1'), local('::1'), local('::ffff:127.9.9.9')]).toEqual(['127.0.0.1', '::1', '127.9.9.9']);
    const listed = under({ allow: ['127.0.0.1/32'] });
    expect([listed('127.0.0.1'), listed('127.0.0.2'), listed('::1')]).toEqual(['127.0.0.1', 'loopback', 'loopback']);
  });

  it('never lift what is never dialled, nor loopback behind a gateway', () => {
    const all = under({ allow: ['0.0.0.0/0', '::/0'], loopbackAllowed: true, deny: [] });
    for (const [text, expected] of spellings.filter(([, expected]) => expected.startsWith('never'))) expect(all(text)).toBe(expected);
  });

  it('deny before they allow', () => {
    const both = under({ allow: ['127.0.0.0/8', '10.0.0.0/8'], deny: ['127.0.0.0/9', '10.0.0.0/8'], loopbackAllowed: true });
    expect([both('127.0.0.1'), both('127.200.0.1'), both('10.1.1.1')]).toEqual(['DENY', '127.200.0.1', 'DENY']);
  });

  it('take a mapped network for its IPv4 part, and any other IPv6 network for IPv6 alone', () => {
    expect(under({ deny: ['::ffff:10.0.0.0/104'] })('10.1.1.1')).toBe('DENY');
    const noIPv6 = under({ deny: ['::/0'] });
    expect([noIPv6('10.1.1.1'), noIPv6('fd12::1')]).toEqual(['10.1.1.1', 'DENY']);
  });

  it('name themselves in a refusal', () => {
    expect(judge('127.0.0.1', 1)).toMatchObject({
      tryThis: expect.arrayContaining([expect.stringContaining('PORTCULLIS_ALLOW_NETWORKS')]),
    });
    expect(judge('127.0.0.1', 1)).toMatchObject({ why: expect.stringContaining('localhost means the server that Portcullis runs on') });
    expect(judge('10.66.0.1', 1)).toMatchObject({ why: expect.stringContaining('PORTCULLIS_DENY_NETWORKS') });
  });
});

describe('what this process listens on', () => {
  const listening = (host: string): ((text: string) => string) => {
    const own = createJudge({ ...rules, loopbackAllowed: true, allow: ['0.0.0.0/0', '::/0'], ownListeners: () => [{ host, port: 5432 }] });
    return (text) => fate(text, own.judge);
  };

  it('is refused at its address and port alone', () => {
    const own = listening('127.0.0.1');
    expect([own('127.1'), own('::ffff:127.0.0.1'), own('127.0.0.2'), own('10.0.0.5')]).toEqual([
      'never: itself',
      'never: itself',
      '127.0.0.2',
      '10.0.0.5',
    ]);
    expect(
      createJudge({ ...rules, loopbackAllowed: true, ownListeners: () => [{ host: '127.0.0.1', port: 8686 }] }).judge('127.0.0.1', 5432)
        .allowed,
    ).toBe(true);
    expect([listening('localhost')('::1'), listening('localhost')('127.0.0.1')]).toEqual(['never: itself', 'never: itself']);
  });

  it.each(['0.0.0.0', '::'])('on %s is refused at every address of this machine', (host) => {
    const own = listening(host);
    const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of [...addresses, '127.0.0.1', '127.7.7.7', '::1'])
      expect(own(address), address).toMatch(/^never: (itself|link-local)$/);
    expect(own('10.200.200.200')).toBe('10.200.200.200');
  });
});
