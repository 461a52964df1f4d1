/** An error as the server gave it: its number tells what it is, its words are never shown unscrubbed. */
export class ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string) {
    super(message);
    this.name = 'ServerError';
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

/** What the driver makes of an error packet, without the statement that it adds; anything else as it is. */
export function serverErrorOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('sqlMessage' in error) || !('errno' in error)) return error;
  const state = 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : '';
  return new ServerError(Number(error.errno), /^[0-9A-Z]{5}$/.test(state) ? state : '', String(error.sqlMessage));
}
