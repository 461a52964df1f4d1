import type { z } from 'zod';
import type { Cell, QueryInput, QueryResult, Refusal } from '../../contract/query.ts';
import type { NewAttempt, OpenAttempt, Settlement } from '../audit/audit.ts';
import type { Accepted } from '../engines/guard.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault, toFault } from '../platform/fault.ts';
import type { Place } from './answer-room.ts';
import { type Judged, judgeStatement } from './judge-statement.ts';
import { limitsOf } from './limits-of.ts';
import type { Caller, QueryContext } from './query-deps.ts';

/** Milliseconds that waiting for a session and opening it may take. */
const WAITING = 30_000;
const nothing = { fault: null, rows: null, bytes: null, ms: null } as const;

type Input = z.output<typeof QueryInput> & { readonly id: string };

/**
 * Runs a statement that only reads what is published. Its attempt is on record, with how it ended, before a byte of the answer leaves; a
 * statement that is refused is on record too. Its answer takes a seat and room until it is out.
 */
export async function runQuery(context: QueryContext, actor: Actor, input: Input, { signal, sent }: Caller): Promise<QueryResult> {
  const stand = context.seats.take(actor, input.id);
  const place = context.room.enter(actor.userId);
  const leave = () => {
    stand();
    place.leave();
  };
  try {
    const answer = await ask(context, actor, input, signal, place);
    if (sent) sent.then(leave, leave);
    else leave();
    return answer;
  } catch (error) {
    leave();
    throw error;
  }
}

async function ask(context: QueryContext, actor: Actor, input: Input, signal: AbortSignal, place: Place): Promise<QueryResult> {
  const judged = await judgeStatement(context, actor, input, signal);
  const { result } = judged;
  if (result.ok) requireParameters(result, input);
  const attempt = context.begin(attemptOf(actor, judged, input));
  if (result.ok) return run(context, attempt, judged, result, input, { signal, place });
  await attempt.settle({ ...nothing, outcome: 'refused', fault: 'statement.refused' });
  throw refused(result.refusal, await rereads(context, actor, judged, result.refusal)).onRecord(attempt.id);
}

async function run(
  context: QueryContext,
  attempt: OpenAttempt,
  { connection }: Judged,
  { sql, tables, columns, whole }: Accepted,
  input: Input,
  { signal, place }: { readonly signal: AbortSignal; readonly place: Place },
): Promise<QueryResult> {
  const began = performance.now();
  const stop = new AbortController();
  // What cannot be put on record need not run to its end.
  attempt.recorded.catch((error) => stop.abort(error));
  const either = AbortSignal.any([signal, stop.signal]);
  const limits = limitsOf(connection.limits, input);
  const kept = (cells: number, bytes: number) => {
    const full = place.grow(cells, bytes);
    if (full) stop.abort(full);
  };
  const judged = { tables, columns, ...(whole && { whole }) };
  let settlement: Settlement | undefined;
  try {
    const answer = await context.withSession(connection.id, { signal: either, timeoutMs: WAITING }, ({ engine, session, version }) => {
      if (version !== connection.version) throw new Fault('connection.changed', { detail: 'The connection was changed: try again.' });
      return engine.run(session, { ...limits, sql, judged, kept, parameters: input.parameters, signal: either });
    });
    stop.signal.throwIfAborted();
    const { rows, bytes, truncated, limit } = answer;
    const elapsedMs = Math.round((performance.now() - began) * 100) / 100;
    settlement = { outcome: 'done', fault: null, rows: rows.length, bytes, ms: elapsedMs };
    await attempt.settle(settlement);
    return {
      columns: answer.columns.map(({ name, type }) => ({ name, type, masked: false })),
      // Nobody changes them, and a copy of a large answer would take its time.
      rows: rows as Cell[][],
      ...{ rowCount: rows.length, truncated, limit, bytes, elapsedMs, entryId: attempt.id },
    };
  } catch (error) {
    // What was settled as done and is not on record is not answered; its end stays unknown.
    if (settlement) throw error;
    await attempt.recorded;
    const fault = toFault(stop.signal.aborted ? stop.signal.reason : error);
    const cancelled = signal.aborted || fault.code === 'statement.cancelled';
    const ms = Math.round(performance.now() - began);
    await attempt.settle({ outcome: cancelled ? 'cancelled' : 'failed', fault: fault.code, rows: null, bytes: null, ms });
    throw fault.onRecord(attempt.id);
  }
}

function attemptOf(actor: Actor, { connection, result }: Judged, { sql, parameters, reason }: Input): NewAttempt {
  return {
    organizationId: actor.organizationId,
    actor: { id: actor.userId, name: actor.name, via: actor.via },
    action: 'query.run',
    connection: { id: connection.id, name: connection.name },
    sql,
    parameters,
    fingerprint: result.fingerprint,
    verdict: result.ok ? 'allowed' : 'refused',
    rule: result.ok ? null : result.refusal.rule,
    slot: 'read_only',
    reason: reason ?? null,
  };
}

function requireParameters({ parameters }: Accepted, input: Input): void {
  const given = input.parameters.length;
  if (given === parameters) return;
  throw new Fault('request.invalid', {
    field: 'parameters',
    detail: `parameters: the statement has ${parameters} placeholders and ${given} values were given. Give one for each.`,
  });
}

/** Whether the schema is being read again because the refused statement names a table that may be new. */
async function rereads(context: QueryContext, actor: Actor, { connection }: Judged, { rule }: Refusal): Promise<boolean> {
  if (rule !== 'relation.unknown') return false;
  return context.reread(actor, connection).catch((error) => {
    context.log.warn({ err: error }, 'the schema could not be read again for an unknown table');
    return false;
  });
}

function refused(refusal: Refusal, reading: boolean): Fault {
  const { rule, message, position, allowed } = refusal;
  const place = position ? ` (line ${position.line}, column ${position.column})` : '';
  const again = reading ? ' The schema is being read again, in case the table is new: try again in a moment.' : '';
  const detail = `${rule}${place}: ${message}${again}`;
  return new Fault('statement.refused', { field: 'sql', detail, tryThis: [`Allowed: ${allowed}`], refusal });
}
