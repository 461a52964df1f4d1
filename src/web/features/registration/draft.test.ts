import { describe, expect, test } from 'vitest';
import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { mistakesIn, warningFor } from './check-draft.ts';
import { askedFields, changedSince, draftFor, emptyDraft, targetOf } from './draft.ts';

const field = (over: Partial<Field> & Pick<Field, 'name'>): Field => ({
  title: over.name,
  help: null,
  placeholder: null,
  widget: 'text',
  section: 'where',
  required: true,
  order: 1,
  initial: '',
  schema: {},
  when: null,
  warnings: [],
  ...over,
});

const engine: EngineDescription = {
  id: 'oracle',
  label: 'Some engine',
  mark: 'Se',
  hue: 1,
  alsoFits: [],
  defaultPort: 1521,
  address: [
    field({ name: 'host', title: 'Host', warnings: [{ pattern: '^localhost$', text: 'the server itself' }] }),
    field({ name: 'port', title: 'Port', widget: 'number', initial: 1521, schema: { minimum: 1, maximum: 65_535 }, order: 2 }),
    field({ name: 'by', title: 'By', initial: 'service', order: 3 }),
    field({ name: 'sid', title: 'SID', order: 5, when: { field: 'by', in: ['sid'] } }),
    field({ name: 'service', title: 'Service name', order: 4, when: { field: 'by', in: ['service'] } }),
    field({ name: 'tls', title: 'Encryption', widget: 'tls', section: 'encryption', order: 6, initial: { mode: 'verify-full' } }),
  ],
  credentials: [
    field({ name: 'username', title: 'Username', section: 'credential' }),
    field({ name: 'password', title: 'Password', widget: 'password', section: 'credential' }),
  ],
  traits: [],
  stringExamples: [],
};
const begun = draftFor(emptyDraft, engine);
const filled = {
  ...begun,
  address: { ...begun.address, host: 'db.example.com', service: 'sales' },
  credentials: { username: 'reader', password: 'secret' },
};

describe('the draft of a connection', () => {
  test('begins with what the engine fills in, and asks only what applies', () => {
    expect(begun.address).toMatchObject({ port: 1521, tls: { mode: 'verify-full' } });
    expect(askedFields(engine.address, begun.address).map(({ name }) => name)).toEqual(['host', 'port', 'by', 'service', 'tls']);
  });

  test('is sent without the fields that are not asked, the reason only when the wire is in the clear', () => {
    const wordy = { ...filled, tlsReason: 'a lab' };
    expect(targetOf(wordy, engine)).toEqual({
      address: { host: 'db.example.com', port: 1521, by: 'service', service: 'sales', tls: { mode: 'verify-full' } },
      credentials: { readOnly: { username: 'reader', password: 'secret' } },
      acknowledge: [],
    });
    const clear = { ...wordy, address: { ...wordy.address, tls: { mode: 'disable' } } };
    expect(targetOf(clear, engine).acknowledge).toEqual([{ code: 'tls.disabled', reason: 'a lab' }]);
  });

  test('names what was changed since it was tested, and nothing once it is as it was', () => {
    const moved = { ...filled, address: { ...filled.address, port: 1522 }, credentials: { ...filled.credentials, password: 'other' } };
    expect(changedSince(filled, moved, engine)).toEqual(['port', 'password']);
    expect(changedSince(filled, { ...moved, address: { ...moved.address, port: 1521 }, credentials: filled.credentials }, engine)).toEqual(
      [],
    );
    expect(changedSince(filled, { ...filled, address: { ...filled.address, sid: 'X' } }, engine)).toEqual(['SID']);
    expect(changedSince(filled, Object.assign({}, filled, { name: 'Sales' }), engine)).toEqual([]);
  });

  test('says what is missing or wrong, by the path that faults use', () => {
    expect(mistakesIn(begun, engine)).toEqual([
      { path: 'address.host', message: 'Enter the host.' },
      { path: 'address.service', message: 'Enter the service name.' },
      { path: 'credentials.readOnly.username', message: 'Enter the username.' },
      { path: 'credentials.readOnly.password', message: 'Enter the password.' },
    ]);
    expect(mistakesIn(filled, engine)).toEqual([]);
    const wrong = { ...filled, address: { ...filled.address, port: 70_000, tls: { mode: 'pinned', sha256: 'ab' } } };
    expect(mistakesIn(wrong, engine).map(({ path }) => path)).toEqual(['address.port', 'address.tls']);
  });

  test('warns of a value without calling it wrong', () => {
    const [host] = engine.address;
    expect(host && warningFor(host, 'LOCALHOST')).toBe('the server itself');
    expect(host && warningFor(host, 'db')).toBeNull();
  });
});
