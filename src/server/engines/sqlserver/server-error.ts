/** An error as SQL Server tells it. Its text is looked at by us and never shown as it is. */
export interface Told {
  readonly number: number;
  readonly state: number;
  /** Severity: from 11 on it is an error, from 20 on the session is over. */
  readonly severity: number;
  readonly line: number;
  readonly text: string;
}

/** What a server said went wrong. Often several errors come for one cause: the first says it, the others are kept. */
export class ServerError extends Error {
  readonly number: number;
  readonly severity: number;
  readonly line: number;
  /** The numbers of all errors, in their order, each once. */
  readonly numbers: readonly number[];

  constructor(told: readonly [Told, ...Told[]]) {
    super(told[0].text);
    this.name = 'ServerError';
    this.number = told[0].number;
    this.severity = told[0].severity;
    this.line = told[0].line;
    this.numbers = [...new Set(told.map(({ number }) => number))];
  }
}
