import { expect, test } from 'vitest';
import { fieldText } from './field-flags.ts';

test.each([
  ['address.host', '--host'],
  ['address.service', '--database'],
  ['address.tls.ca', '--ca-file'],
  ['address.tls', '--tls; without encryption: --tls disable, with --reason'],
  ['address.ssh.user', '--ssh'],
  ['credentials.readOnly.password', '--password-stdin'],
  ['credentials.tunnel.privateKey', '--ssh-key-file or --ssh-password-stdin'],
])('%s is told with its flag', (field, flag) => {
  expect(fieldText(field)).toBe(`${field} (${flag})`);
});

test('what is no field of a registration is told as it is', () => {
  expect(fieldText('password')).toBe('password');
});
