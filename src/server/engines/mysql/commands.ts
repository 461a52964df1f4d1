import type { Cell } from '../engine.ts';
import type { Command, Described, Line, Sink } from './driver.ts';
import { serverErrorOf } from './server-error.ts';
import { WireError } from './wire-error.ts';

/** A row of a query of ours: every value as text. */
export type Row = readonly (string | null)[];

const lost = ({ wire }: Line): unknown => wire.errored ?? new WireError('closed_early');

/** Waits for `begin` to be told, or for the end of the wire, which the driver does not tell every command of. */
function settled<T>(line: Line, begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
  const { wire } = line;
  return new Promise<T>((resolve, reject) => {
    if (wire.destroyed) {
      reject(lost(line));
      return;
    }
    const closed = () => reject(lost(line));
    wire.once('close', closed);
    const settle =
      <V>(act: (value: V) => void) =>
      (value: V) => {
        wire.off('close', closed);
        act(value);
      };
    begin(
      settle(resolve),
      settle((error) => reject(wire.errored ?? serverErrorOf(error))),
    );
  });
}

function ended(command: Command, resolve: () => void, reject: (error: unknown) => void): void {
  let failure: unknown = null;
  command.on('error', (error) => {
    failure ??= error;
  });
  command.once('end', () => (failure === null ? resolve() : reject(failure)));
}

/** Runs a statement of ours; `row` is given each row. */
export function ask(line: Line, sql: string, row: (row: Row) => void): Promise<void> {
  return settled<void>(line, (resolve, reject) => {
    const command = line.driver.query({ sql });
    command.on('result', (found: unknown) => {
      if (Array.isArray(found)) row(found);
    });
    ended(command, () => resolve(), reject);
  });
}

/** Has the server look at a statement without running it. */
export function examine(line: Line, sql: string): Promise<void> {
  return settled<void>(line, (resolve, reject) => {
    line.driver.prepare(sql, (error) => {
      if (error) {
        reject(error);
        return;
      }
      line.driver.unprepare(sql);
      resolve();
    });
  });
}

/** Runs a prepared statement: the server takes no second one in it. */
export function perform(line: Line, sql: string, parameters: readonly Cell[], sink: Sink): Promise<void> {
  return settled<void>(line, (resolve, reject) => {
    const command = line.driver.execute({ sql, values: parameters.map(line.bind) });
    let described = false;
    // The driver would write a parser out of the names of columns; ours reads the bytes.
    command.buildParserFromFields = () =>
      class {
        next({ buffer, offset, end }: { buffer: Buffer; offset: number; end: number }): null {
          sink.take(buffer.subarray(offset, end));
          return null;
        }
      };
    command.on('fields', (columns: readonly Described[] | undefined) => {
      if (columns && !described) sink.describe(columns);
      described = true;
    });
    ended(command, () => resolve(), reject);
  });
}

/** Has the server forget the state of the session: variables, locks, temporary tables, prepared statements. */
export function reset(line: Line, used: string | null): Promise<void> {
  return settled<void>(line, (resolve, reject) => {
    if (used !== null) line.driver.unprepare(used);
    line.driver.reset((error) => (error ? reject(error) : resolve()));
  });
}
