/** A name that can be pasted; what does not show cannot be written in one, so that it is said instead. */
function pastedName(name: string): string {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? '`<name of the database>`' : `\`${name.replaceAll('`', '``')}\``;
}

/** A database in a grant is a pattern: what would stand for other letters is escaped. */
const pattern = (database: string): string => pastedName(database.replace(/[\\_%]/g, (letter) => `\\${letter}`));

const account = "'portcullis_reader'@'%'";

/** SQL that makes a login which can read one database and nothing more. */
export const leastPrivilegeScript = (database: string, more: readonly string[]): string =>
  `${[
    '-- Run this as an administrator. Put a long random password in its place, and instead of % the address of the server that Portcullis runs on.',
    `CREATE USER ${account} IDENTIFIED BY '<choose a password>' REQUIRE SSL;`,
    `GRANT SELECT, SHOW VIEW ON ${pattern(database)}.* TO ${account};`,
    ...more,
  ].join('\n')}\n`;
