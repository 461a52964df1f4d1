/** A text as a literal that means the same in every mode of the server: its bytes, and in which character set they are. */
export const literal = (text: string): string => `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`;

/** SQL of ours with the database that the session is in. */
export const within = (sql: string, database: string): string => sql.replaceAll('{database}', literal(database));
