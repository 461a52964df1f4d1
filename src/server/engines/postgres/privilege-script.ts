import { z } from 'zod';
import type { Row } from './session.ts';

const names = z.array(z.string());

/** A quoted name that can be pasted: what does not show is written as an escape. */
export function pastedName(name: string): string {
  const quoted = name.replaceAll('"', '""');
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(quoted)) return `"${quoted}"`;
  const escaped = quoted
    .replaceAll('\\', '\\\\')
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (character) => `\\+${(character.codePointAt(0) ?? 0).toString(16).padStart(6, '0').toUpperCase()}`,
    );
  return `U&"${escaped}"`;
}

const role = '"portcullis_reader"';

/** SQL that makes a login which can read the schemas at hand and nothing more: rows of schemasSql. */
export function leastPrivilegeScript(database: string, schemas: readonly Row[]): string {
  const lines = [
    '-- Run this as an administrator, connected to the database. Put a long random password in its place.',
    `CREATE ROLE ${role} LOGIN PASSWORD '<choose a password>' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
    `GRANT CONNECT ON DATABASE ${pastedName(database)} TO ${role};`,
  ];
  for (const [schema, owners] of schemas) {
    const name = pastedName(schema ?? '');
    lines.push(`GRANT USAGE ON SCHEMA ${name} TO ${role};`, `GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO ${role};`);
    for (const owner of names.parse(JSON.parse(owners ?? '[]')))
      lines.push(`ALTER DEFAULT PRIVILEGES FOR ROLE ${pastedName(owner)} IN SCHEMA ${name} GRANT SELECT ON TABLES TO ${role};`);
  }
  return `${lines.join('\n')}\n`;
}
