import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { Certificate, Privileges, ServerFacts } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { after, newId, now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import { reveal } from '../platform/secret.ts';
import type { Vault } from '../vault/vault.ts';
import type { Target } from './resolve-target.ts';
import { loginSecret, tunnelSecret } from './secret-forms.ts';
import type { Tested } from './staged-test.ts';

/** How long a receipt is good for, in milliseconds. */
const LIFE = 10 * 60_000;

const Payload = z.strictObject({
  id: z.uuid(),
  organizationId: z.string(),
  userId: z.string(),
  dbType: z.string(),
  address: z.string(),
  fingerprint: z.string(),
  expiresAt: z.string(),
  server: ServerFacts,
  certificate: Certificate.nullable(),
  privileges: Privileges,
});
type Payload = z.infer<typeof Payload>;

/** What a valid receipt proves: what the test found. */
export type Proof = Pick<Payload, 'id' | 'expiresAt' | 'server' | 'certificate' | 'privileges'>;

/** Signs that exactly this target passed a test by this person, just now. Not bound: name, purpose, description, environment, mode. */
export async function issueReceipt(vault: Vault, actor: Actor, target: Target, tested: Tested): Promise<string> {
  if (!tested.ok || !tested.server || !tested.privileges) throw new TypeError('only a passed test has a receipt');
  const payload: Payload = {
    id: newId(),
    ...(await bound(vault, actor, target)),
    expiresAt: after(LIFE),
    server: tested.server,
    certificate: tested.certificate,
    privileges: tested.privileges,
  };
  // The script of a report repeats itself: compressed, a receipt stays small enough to hand around.
  const text = deflateRawSync(JSON.stringify(payload)).toString('base64url');
  return `${text}.${(await sign(vault, text)).toString('base64url')}`;
}

/** Checks a receipt against what is to be registered. It still has to be spent, in the transaction of the registration. */
export async function checkReceipt(vault: Vault, actor: Actor, target: Target, receipt: string): Promise<Proof> {
  const refuse = (detail: string): Fault => new Fault('receipt.invalid', { field: 'receipt', detail });
  const [text = '', signature = ''] = receipt.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = await sign(vault, text);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refuse('This is not a receipt of a test. Test the connection, then save it.');
  const payload = Payload.parse(JSON.parse(inflateRawSync(Buffer.from(text, 'base64url')).toString()));
  if (payload.expiresAt < now()) throw refuse('The test is older than 10 minutes. Test the connection again, then save it.');
  const wanted = await bound(vault, actor, target);
  for (const [name, value] of Object.entries(wanted)) {
    if (payload[name as keyof typeof wanted] !== value)
      throw refuse('Something changed since the test. Test the connection again, then save it.');
  }
  return payload;
}

async function bound(
  vault: Vault,
  actor: Actor,
  { engine, address, login, through }: Target,
): Promise<Pick<Payload, 'organizationId' | 'userId' | 'dbType' | 'address' | 'fingerprint'>> {
  const fingerprint = createHmac('sha256', await vault.key('fingerprint'))
    .update(JSON.stringify([login.username, reveal(loginSecret(address, login)), through && reveal(tunnelSecret(through.login))]))
    .digest('base64url');
  return { organizationId: actor.organizationId, userId: actor.userId, dbType: engine.id, address: canonical(address), fingerprint };
}

async function sign(vault: Vault, text: string): Promise<Buffer> {
  return createHmac('sha256', await vault.key('receipt'))
    .update(text)
    .digest();
}

/** The same address always as the same text, however its keys were ordered. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
