import { describe, expect, test } from 'vitest';
import { createOutbound } from './outbound.ts';

const rules = { allow: [], deny: ['10.9.0.0/16'], loopbackAllowed: false, ownListeners: () => [{ host: '127.0.0.1', port: 8686 }] };
const { admitTarget: open } = createOutbound(rules);
const { admitTarget: listed } = createOutbound({ ...rules, tunnelAllow: ['10.0.0.0/8', '127.0.0.0/8', 'fd00::/8'] });
const judge = (admit: typeof open, host: string, port = 5432): string => {
  try {
    return admit({ host, port, field: 'address.host' });
  } catch (error) {
    const { code, about } = error as { code: string; about: { stage: string; field: string } };
    return `${code} ${about.stage} ${about.field}`;
  }
};
const refused = 'network.forbidden network address.host';

describe('what an SSH server may be asked to connect to', () => {
  test.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '64:ff9b::169.254.169.254',
    '２８５２０３９１６６',
    '169.254.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '224.0.0.1',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'instance-data.ec2.internal',
    'no/host',
    '1.2.3.4.5.6',
  ])('%s is refused whatever the settings say', (host) => {
    const { admitTarget: all } = createOutbound({ ...rules, tunnelAllow: ['0.0.0.0/0', '::/0'] });
    expect([judge(open, host), judge(all, host)]).toEqual([refused, refused]);
  });

  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['0x0a010203', '10.1.2.3'],
    ['db.internal', 'db.internal'],
    ['DB.Internal', 'db.internal'],
    // Loopback is the SSH server's own.
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost'],
    ['fd12::5', 'fd12::5'],
  ])('%s is asked for as %s', (host, asked) => {
    expect(judge(open, host)).toBe(asked);
  });

  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['127.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['fd12::5', 'fd12::5'],
    ['192.168.1.1', refused],
    ['db.internal', refused],
    ['10.9.1.1', refused],
  ])('with networks listed, %s gives %s', (host, said) => {
    expect(judge(listed, host)).toBe(said);
  });

  test('denied networks and Portcullis itself are refused without a list too', () => {
    expect([judge(open, '10.9.0.1'), judge(open, '127.0.0.1', 8686), judge(open, 'localhost', 8686)]).toEqual([refused, refused, refused]);
  });
});
