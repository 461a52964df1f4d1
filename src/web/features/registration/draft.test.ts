import { describe, expect, test } from 'vitest';
import type { EngineDescription, Field, ParsedString } from '../../../contract/engines.ts';
import { mistakesIn, warningFor } from './check-draft.ts';
import { askedFields, changedSince, draftAfter, draftFor, draftRead, emptyDraft, problemsOf, targetOf, touches } from './draft.ts';

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
  sql: { editor: 'StandardSQL', open: '"', close: '"', bare: '^$' },
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

const parsed = (over: Partial<ParsedString>): ParsedString => ({
  dbType: 'oracle',
  address: {},
  credentials: {},
  parameters: [],
  problems: [],
  alternatives: [],
  ...over,
});
const noHost = { field: 'address.host', message: 'The string names several hosts: give the one to connect to.' };
const noPort = { field: 'address.port', message: 'Give the port of the instance.' };
const torn = { field: null, message: 'The quotes do not close.' };

describe('a draft from a pasted string', () => {
  const named = { ...begun, name: 'Sales', description: 'Orders', tlsReason: 'a lab' };
  const first = draftRead(named, engine, parsed({ address: { host: 'a.example.com', service: 'a' }, credentials: { password: 'of a' } }));

  test('keeps what the connection is called, and nothing of where the one before led', () => {
    const several = parsed({ address: { service: 'b' }, credentials: { password: 'of b' }, problems: [noHost] });
    const second = draftRead(first, engine, several);
    expect(second).toMatchObject({ name: 'Sales', description: 'Orders', tlsReason: '', mode: 'connection_string' });
    expect(second.address).toMatchObject({ host: null, service: 'b', port: 1521 });
    expect(second.credentials).toEqual({ username: '', password: 'of b' });
    expect(draftRead(second, engine, parsed({ address: { host: 'c' } })).credentials.password).toBe('');
  });

  test('makes up nothing where the string has something that cannot be used', () => {
    const instance = draftRead(first, engine, parsed({ address: { host: 'db' }, problems: [noPort] }));
    expect(instance.address).toMatchObject({ host: 'db', port: null });
    const login = { field: 'credentials.readOnly.username', message: 'It holds a control character.' };
    expect(draftRead(first, engine, parsed({ credentials: { username: 'a\nb' }, problems: [login] })).credentials.username).toBe('');
  });

  test('is not complete before every problem is mended, each at its field', () => {
    const problems = [noHost, { ...noHost, message: 'And another.' }, noPort, torn];
    const flawed = draftRead(filled, engine, parsed({ address: { service: 'x' }, credentials: filled.credentials, problems }));
    const all = [
      { path: 'address.host', message: `${noHost.message} And another.` },
      { path: 'address.port', message: noPort.message },
      { path: 'connectionString', message: torn.message },
    ];
    expect(mistakesIn(flawed, engine)).toEqual(all);
    const mended = draftAfter(flawed, { address: { ...flawed.address, host: 'db.example.com' } });
    expect(mistakesIn(mended, engine)).toEqual(all.slice(1));
    const guided = draftAfter(mended, { address: { ...mended.address, port: 1521 }, mode: 'guided' });
    expect(problemsOf(guided)).toEqual([]);
    expect(problemsOf({ ...guided, mode: 'connection_string' })).toEqual([torn]);
  });

  test('what was said of one field stays when another is changed', () => {
    const touched = touches(filled, { address: { ...filled.address, port: 1 }, tlsReason: 'x' });
    expect(['address.port', 'address.host', 'acknowledge', 'credentials.readOnly.password'].filter(touched)).toEqual([
      'address.port',
      'acknowledge',
    ]);
    expect(touches(filled, { address: { ...filled.address, tls: { mode: 'disable' } } })('address.tls.ca')).toBe(true);
  });
});
