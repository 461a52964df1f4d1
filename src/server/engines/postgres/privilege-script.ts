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
/** A server may name schemas and owners without end; a script is for people to read. */
const most = { schemas: 50, owners: 10, name: 130, text: 20_000 } as const;

/** SQL that makes a login which can read the schemas at hand and nothing more: rows of schemasSql. */
export function leastPrivilegeScript(database: string, schemas: readonly Row[]): string {
  const lines = [
    '-- Run this as an administrator, connected to the database. Put a long random password in its place.',
    `CREATE ROLE ${role} LOGIN PASSWORD '<choose a password>' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
    `GRANT CONNECT ON DATABASE ${pastedName(database)} TO ${role};`,
  ];
  let written = 0;
  let length = 0;
  for (const row of schemas.slice(0, most.schemas)) {
    const grants = grantsOn(row);
    length += grants.reduce((sum, line) => sum + line.length, 0);
    if (grants.length === 0 || length > most.text) continue;
    lines.push(...grants);
    written++;
  }
  const leftOut = Math.max(schemas.length, Number(schemas[0]?.[2]) || 0) - written;
  if (leftOut > 0)
    lines.push(
      `-- ${leftOut} more ${leftOut === 1 ? 'schema is' : 'schemas are'} left out here: repeat the last lines for each that is to be read.`,
    );
  return `${lines.join('\n')}\n`;
}

function grantsOn([schema, owners]: Row): string[] {
  if (!schema || schema.length > most.name) return [];
  const name = pastedName(schema);
  const known = names.parse(JSON.parse(owners ?? '[]')).filter((owner) => owner.length <= most.name);
  return [
    `GRANT USAGE ON SCHEMA ${name} TO ${role};`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO ${role};`,
    ...known
      .slice(0, most.owners)
      .map((owner) => `ALTER DEFAULT PRIVILEGES FOR ROLE ${pastedName(owner)} IN SCHEMA ${name} GRANT SELECT ON TABLES TO ${role};`),
  ];
}
