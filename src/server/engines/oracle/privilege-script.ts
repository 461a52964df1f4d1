/** A name as a text between quotes in SQL; null for one that cannot be pasted: what does not show in it could be anything. */
const literal = (name: string): string | null =>
  name.length > 128 || /["\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? null : `'${name.replaceAll("'", "''")}'`;

const user = '"PORTCULLIS_READER"';
const mostSchemas = 50;

/**
 * SQL that makes a login which can read the schemas at hand and nothing more. READ, and not SELECT: with SELECT, rows can be locked. Before
 * version 23 there is no right on a whole schema, so each table is granted, and the same is run again for tables that come later.
 */
export function leastPrivilegeScript(schemas: readonly string[]): string {
  const names = schemas
    .slice(0, mostSchemas)
    .map(literal)
    .filter((name) => name !== null);
  const leftOut = schemas.length - names.length;
  return `-- Run this as an administrator, connected to the pluggable database. Put a long random password in its place.
CREATE USER ${user} IDENTIFIED BY "<choose a password>";
GRANT CREATE SESSION TO ${user};
BEGIN
  FOR t IN (
    SELECT owner, object_name FROM dba_objects
    WHERE owner IN (${names.join(', ') || "'<your schema>'"})
      AND object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND secondary = 'N' AND object_name NOT LIKE 'BIN$%'
      AND (owner, object_name) NOT IN (SELECT owner, table_name FROM dba_nested_tables)
      AND (owner, object_name) NOT IN (SELECT owner, table_name FROM dba_tables WHERE iot_type IN ('IOT_OVERFLOW', 'IOT_MAPPING'))
  ) LOOP
    EXECUTE IMMEDIATE 'GRANT READ ON "' || t.owner || '"."' || t.object_name || '" TO ${user}';
  END LOOP;
END;
/
-- From version 23 on, a whole schema with what comes later: GRANT READ ANY TABLE ON SCHEMA … TO ${user};
-- What PUBLIC may do, this user may do: think of REVOKE EXECUTE ON UTL_HTTP, UTL_TCP, UTL_SMTP and UTL_FILE FROM PUBLIC.
${leftOut > 0 ? `-- ${leftOut} more ${leftOut === 1 ? 'schema is' : 'schemas are'} left out here: add them to the list.\n` : ''}`;
}
