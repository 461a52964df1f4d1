import { sqlServerGrammar } from './grammar.ts';

const login = '[portcullis_reader]';
/** A server may name schemas without end; a script is for people to read. */
const most = { schemas: 50, name: 130 } as const;

/** A name that can be pasted; one with characters that do not show is left to whoever runs the script. */
const pasted = (name: string): string | null =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) || name.length > most.name ? null : sqlServerGrammar.quote(name);

/** SQL that makes a login which can read the schemas at hand and nothing more. `total`: how many schemas there are. */
export function leastPrivilegeScript(database: string, schemas: readonly string[], total: number = schemas.length): string {
  const quoted = schemas.slice(0, most.schemas).flatMap((schema) => pasted(schema) ?? []);
  const name = pasted(database) ?? '[<your database>]';
  const lines = [
    '-- Run this as an administrator. Put a long random password in its place.',
    `CREATE LOGIN ${login} WITH PASSWORD = N'<choose a password>', CHECK_POLICY = ON;`,
    `USE ${name};`,
    `CREATE USER ${login} FOR LOGIN ${login};`,
    ...quoted.map((schema) => `GRANT SELECT ON SCHEMA::${schema} TO ${login};`),
    '-- So that defaults, computed columns and what views read can be shown (it lets names be seen, no rows):',
    `GRANT VIEW DEFINITION TO ${login};`,
    `GRANT SELECT ON sys.sql_expression_dependencies TO ${login};`,
    '-- There is no read-only transaction in SQL Server: what this login may not do is what keeps the data safe.',
  ];
  const left = Math.max(total, schemas.length) - quoted.length;
  if (left > 0)
    lines.push(
      `-- ${left} more ${left === 1 ? 'schema is' : 'schemas are'} left out here: repeat GRANT SELECT ON SCHEMA for each that is to be read.`,
    );
  return `${lines.join('\n')}\n`;
}
