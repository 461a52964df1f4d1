import { z } from 'zod';
import { Login } from '../../../contract/connections.ts';
import type { Field } from '../../../contract/engines.ts';

type Json = Field['schema'][string];

/** The JSON Schema of one property, as the form needs it. */
function schemaOf(shape: z.ZodObject, name: string): Field['schema'] {
  const schema = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  const property = (schema.properties?.[name] ?? {}) as Record<string, Json>;
  return JSON.parse(JSON.stringify(property));
}

/** A field of the form, with the schema of the property of its name. */
export function field(shape: z.ZodObject, about: Pick<Field, 'name' | 'title' | 'widget' | 'section' | 'order'> & Partial<Field>): Field {
  return {
    help: null,
    placeholder: null,
    required: true,
    initial: '',
    when: null,
    warnings: [],
    ...about,
    schema: schemaOf(shape, about.name),
  };
}

const hostWarnings = [
  {
    pattern: '^(localhost|127(\\.\\d+){1,3}|::1|\\[::1\\])$',
    text: 'localhost means the server that Portcullis runs on (through a tunnel, the SSH server), not your computer.',
  },
  { pattern: '^[a-z][a-z0-9+]*:', text: 'This looks like a whole connection string: paste it under “Connection string”.' },
  { pattern: '^[^:]+:\\d+$', text: 'The port has a field of its own.' },
];

/** Host and port, the first fields of every engine on a network, and the tunnel by which they may be reached. */
export const hostAndPort = (shape: z.ZodObject, port: number): Field[] => [
  field(shape, {
    name: 'host',
    title: 'Host',
    widget: 'text',
    section: 'where',
    order: 1,
    placeholder: 'db.example.com',
    warnings: hostWarnings,
  }),
  field(shape, { name: 'port', title: 'Port', widget: 'number', section: 'where', order: 2, help: `Default ${port}`, initial: port }),
  field(shape, {
    name: 'ssh',
    title: 'SSH tunnel',
    widget: 'ssh',
    section: 'tunnel',
    required: false,
    order: 90,
    initial: null,
    help: 'Host and port above are then as the SSH server sees them.',
  }),
];

/** How the wire is encrypted. */
export const encryptionField = (shape: z.ZodObject, order: number): Field =>
  field(shape, {
    name: 'tls',
    title: 'Encryption',
    widget: 'tls',
    section: 'encryption',
    order,
    help: 'The certificate is checked before a password is sent. Cloud providers publish the CA to paste.',
    initial: { mode: 'verify-full' },
  });

/** Username and password; `strong` matches names that usually belong to owners or administrators. */
export const loginFields = (order: number, strong: string): Field[] => [
  field(Login, {
    name: 'username',
    title: 'Username',
    widget: 'text',
    section: 'credential',
    order,
    warnings: [{ pattern: strong, text: 'This is usually an owner or administrator. A login that can only read is safer.' }],
  }),
  field(Login, {
    name: 'password',
    title: 'Password',
    widget: 'password',
    section: 'credential',
    order: order + 1,
    help: 'Sealed when saved, and never shown again.',
  }),
];
