import { describe, expect, it, vi } from 'vitest';
import { readingOf, withStandIn } from '../../../../tests/support/open-sqlserver.ts';
import { done, failed, message, oneRow, table } from '../../../../tests/support/tds-messages.ts';
import type { Answered, Asked, TdsTalk } from '../../../../tests/support/tds-stand-in.ts';
import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import type { SqlServerSession } from './session.ts';
import { sqlserver } from './sqlserver.ts';

const isStatement = ({ text }: Asked): boolean => text.includes('sp_executesql');
const isDescribe = ({ text }: Asked): boolean => text.includes('sp_describe_first_result_set');
const isReset = ({ text, afterReset }: Asked): boolean => afterReset && text.includes('@@OPTIONS');
/** Answers the statement, and everything else as a server does that keeps its settings. */
const answering =
  (statement: Answered, opinion: Answered = table(['name'], [['a']])) =>
  (asked: Asked): Answered | undefined =>
    isStatement(asked) ? statement : isDescribe(asked) ? opinion : undefined;
const numbers = (count: number) =>
  table(
    ['i'],
    Array.from({ length: count }, (_, at) => [at + 1]),
  );
const judged: Reading['judged'] = { tables: [], columns: [] };
const run = (session: SqlServerSession, about: Partial<Reading> = {}) => sqlserver.run(session, readingOf('SELECT i FROM dbo.t', about));
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (fault) => (fault instanceof Fault ? fault : Promise.reject(fault)),
  );

describe('a statement', () => {
  it('that may call a function of somebody’s own by the name of one of the server’s is not run', async () => {
    const sql = "SELECT value FROM String_Split('a', ',') AS string_split";
    for (const theirs of [[['STRING_SPLIT']], []]) {
      const isLook = ({ text }: Asked) => text.includes('sys.objects');
      const answer = (asked: Asked) => (isLook(asked) ? table(['name'], theirs) : answering(numbers(1))(asked));
      await withStandIn({ answer }, async (session, standIn) => {
        const result = await sqlserver.run(session, readingOf(sql, { judged })).catch((fault: Fault) => fault);
        expect(result instanceof Fault ? result.code : result.rows).toEqual(theirs.length > 0 ? 'statement.refused' : [[1]]);
        expect(standIn.asked.filter(isLook).map(({ values }) => values?.at(-1))).toEqual(['string_split']);
        expect(standIn.asked.filter(isStatement)).toHaveLength(theirs.length > 0 ? 0 : 1);
      });
    }
  });

  it('is a value in a transaction of ours that is rolled back, and the session is reset behind it', async () => {
    await withStandIn({ answer: answering(numbers(2)) }, async (session, standIn) => {
      const reading = readingOf("SELECT 'it''s' WHERE 1 = @p1", { judged }, [1, 'x', true, null, 2 ** 40, 0.5]);
      const { columns, rows, truncated, limit } = await sqlserver.run(session, reading);
      expect({ columns, rows, truncated, limit }).toEqual({
        columns: [{ name: 'i', type: 'int' }],
        rows: [[1], [2]],
        truncated: false,
        limit: null,
      });
      const sent = standIn.asked.filter((asked) => isStatement(asked) || isDescribe(asked));
      const declared = '@p1 int, @p2 nvarchar(4000), @p3 bit, @p4 nvarchar(4000), @p5 bigint, @p6 float';
      expect(sent).toEqual([
        {
          text: 'EXEC sys.sp_describe_first_result_set @statement, @declared, 0;',
          values: [expect.stringContaining('@statement nvarchar'), reading.sql, declared],
          afterReset: false,
        },
        {
          text: 'SET NOCOUNT ON; BEGIN TRANSACTION; EXEC sys.sp_executesql @statement, @declared, @p1, @p2, @p3, @p4, @p5, @p6; IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;',
          values: [expect.any(String), reading.sql, declared, '1', 'x', '1', null, String(2 ** 40), '0.5'],
          afterReset: false,
        },
      ]);
      await vi.waitFor(() => expect(standIn.asked.filter(isReset)).toHaveLength(1));
      await run(session);
      await vi.waitFor(() => expect(standIn.asked.filter(isReset)).toHaveLength(2));
    });
  });

  it('is refused where the server takes it for one that gives no rows, and was not run', async () => {
    await withStandIn({ answer: answering(numbers(1), done()) }, async (session, standIn) => {
      expect(await faultOf(run(session, { judged }))).toMatchObject({ code: 'statement.refused' });
      expect(standIn.asked.some(isStatement)).toBe(false);
    });
  });

  it('is run where the server may not be asked first', async () => {
    const opinion = failed(229, 'The EXECUTE permission was denied on the object');
    await withStandIn({ answer: answering(numbers(1), opinion) }, async (session) => {
      expect((await run(session, { judged })).rows).toEqual([[1]]);
    });
  });

  it('may answer once only', async () => {
    await withStandIn({ answer: answering(Buffer.concat([numbers(1), numbers(1)])) }, async (session, standIn) => {
      expect(await faultOf(run(session))).toMatchObject({ code: 'statement.refused' });
      await vi.waitFor(() => expect(standIn.asked.filter(isReset)).toHaveLength(1));
      expect(session.usable).toBe(true);
    });
  });

  it('of FOR JSON answers with the whole text, which the server cuts into rows', async () => {
    const pieces = table(['JSON_F52E2B61-18A1-11d1-B105-00805F49916B'], [['[{"a":1},'], ['{"a":2},'], ['{"a":3}]']]);
    await withStandIn({ answer: answering(pieces) }, async (session) => {
      expect(await run(session, { maxRows: 1 })).toMatchObject({ rows: [['[{"a":1},{"a":2},{"a":3}]']], truncated: false });
    });
  });

  it('reads without versions of rows where a database keeps none', async () => {
    let tries = 0;
    const noVersions = failed(3952, "Snapshot isolation transaction failed accessing database 'x'");
    const answer = (asked: Asked) => (isStatement(asked) ? (tries++ === 0 ? noVersions : numbers(1)) : undefined);
    await withStandIn({ answer }, async (session, standIn) => {
      expect((await run(session)).rows).toEqual([[1]]);
      expect(standIn.asked.some(({ text }) => text.includes('READ COMMITTED;') && text.length < 80)).toBe(true);
    });
  });
});

describe('limits', () => {
  const limited = async (count: number, about: Partial<Reading>) =>
    withStandIn({ answer: answering(numbers(count)) }, async (session) => {
      const { rows, truncated, limit, bytes } = await run(session, about);
      return { rows: rows.length, truncated, limit, bytes };
    });

  it('of rows are found out by one more', async () => {
    expect(await limited(9, { maxRows: 10 })).toMatchObject({ rows: 9, truncated: false, limit: null });
    expect(await limited(10, { maxRows: 10 })).toMatchObject({ rows: 10, truncated: false, limit: null });
    expect(await limited(11, { maxRows: 10 })).toMatchObject({ rows: 10, truncated: true, limit: 'rows' });
    expect(await limited(0, { maxRows: 10 })).toMatchObject({ rows: 0, truncated: false, limit: null });
    expect(await limited(5000, { maxRows: 10_000 })).toMatchObject({ rows: 5000, truncated: false, limit: null });
  });

  it('of cells are found out by one more row', async () => {
    expect(await limited(10, { maxRows: 100, maxCells: 10 })).toMatchObject({ rows: 10, truncated: false, limit: null });
    expect(await limited(11, { maxRows: 100, maxCells: 10 })).toMatchObject({ rows: 10, truncated: true, limit: 'cells' });
    expect(await limited(11, { maxRows: 10, maxCells: 10 })).toMatchObject({ rows: 10, truncated: true, limit: 'rows' });
  });

  it('of bytes cut between two rows', async () => {
    expect(await limited(100, { maxBytes: 60 })).toEqual({ rows: 10, truncated: true, limit: 'bytes', bytes: 60 });
    expect(await limited(100, { maxBytes: 1 })).toMatchObject({ rows: 0, truncated: true, limit: 'bytes' });
  });

  it('stop a server that goes on, and the session is used on', async () => {
    const endless = async (talk: TdsTalk): Promise<void> => {
      const some = numbers(1).subarray(0, -13);
      const rows = Buffer.concat(Array.from({ length: 600 }, () => numbers(1).subarray(-19, -13)));
      const packet = (payload: Buffer) => {
        const head = Buffer.from([4, 0, 0, 0, 0, 0, 1, 0]);
        head.writeUInt16BE(8 + payload.length, 2);
        return Buffer.concat([head, payload]);
      };
      await talk.say(packet(some));
      while (!talk.isOver && !talk.wasStopped) {
        await talk.say(packet(rows));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await talk.say(message(done(2)));
      await talk.acknowledge();
    };
    await withStandIn({ answer: answering(endless) }, async (session, standIn) => {
      expect(await run(session, { maxRows: 5 })).toMatchObject({ rows: [[1], [1], [1], [1], [1]], truncated: true, limit: 'rows' });
      expect(standIn.stops()).toBe(1);
      await vi.waitFor(() => expect(standIn.asked.filter(isReset)).toHaveLength(1));
      expect(session.usable).toBe(true);
    });
  });

  it('of time tell the server to stop, and the session is used on', async () => {
    await withStandIn({ answer: answering(null) }, async (session, standIn) => {
      expect(await faultOf(run(session, { timeoutMs: 100 }))).toMatchObject({ code: 'statement.expired' });
      expect(standIn.stops()).toBe(1);
      await vi.waitFor(() => expect(standIn.asked.filter(isReset)).toHaveLength(1));
      expect(session.usable).toBe(true);
    });
  });

  it('of a server that does not hear are those of its socket', async () => {
    await withStandIn({ answer: answering(null), deaf: true }, async (session) => {
      expect(await faultOf(run(session, { timeoutMs: 100 }))).toMatchObject({ code: 'statement.expired' });
      expect(session.usable).toBe(false);
    });
  });
});

describe('an asker', () => {
  it('who goes away ends the statement in the database', async () => {
    await withStandIn({ answer: answering(null) }, async (session, standIn) => {
      const asker = new AbortController();
      const asked = faultOf(run(session, { signal: asker.signal, timeoutMs: 60_000 }));
      await vi.waitFor(() => expect(standIn.asked.some(isStatement)).toBe(true));
      asker.abort();
      expect((await asked).code).toBe('statement.cancelled');
      expect(standIn.stops()).toBe(1);
      expect((await faultOf(run(session, { signal: asker.signal }))).code).toBe('statement.cancelled');
    });
  });

  it('who closes the session ends it too', async () => {
    await withStandIn({ answer: answering(null) }, async (session, standIn) => {
      const asked = faultOf(run(session, { timeoutMs: 60_000 }));
      await vi.waitFor(() => expect(standIn.asked.some(isStatement)).toBe(true));
      await session.close();
      expect(['server.lost', 'protocol.mismatched', 'statement.failed']).toContain((await asked).code);
      expect(standIn.stops()).toBe(1);
    });
  });
});

describe('a session', () => {
  it('that the server does not reset is not used again', async () => {
    const answer = (asked: Asked) => (isStatement(asked) ? numbers(1) : isReset(asked) ? oneRow(0, 0) : undefined);
    await withStandIn({ answer }, async (session) => {
      expect((await run(session)).rows).toEqual([[1]]);
      await vi.waitFor(() => expect(session.usable).toBe(false));
    });
  });
});

describe('what failed', () => {
  const failing = (number: number, text: string, severity = 16) =>
    withStandIn({ answer: answering(failed(number, text, severity)) }, async (session) => {
      const fault = await faultOf(run(session));
      // After an error the session is as good as before.
      expect(session.usable).toBe(severity < 20);
      return fault;
    });

  it('in the text of the statement is told in the words of the server', async () => {
    expect(await failing(207, "Invalid column name 'i'.")).toMatchObject({
      code: 'statement.failed',
      message: "Invalid column name 'i'.",
      about: { technical: 'SQL Server error 207, line 1' },
    });
    expect((await failing(102, "Incorrect syntax near 'nowhere'.", 15)).message).toBe('Incorrect syntax near ….');
  });

  it('in a value is told in ours', async () => {
    const fault = await failing(245, "Conversion failed when converting the nvarchar value 'secret-value-7' to data type int.");
    expect(fault).toMatchObject({ code: 'statement.failed', message: 'A text cannot be read as the type it is converted to.' });
    expect(JSON.stringify({ ...fault.about, cause: null })).not.toContain('secret-value-7');
    expect((await failing(50_000, 'secret-value-7')).message).toBe('A function or view of the database raised an error.');
    expect((await failing(99_99, 'secret-value-7')).message).toBe('The database could not run the statement.');
  });

  it('for want of a right, of time or of the connection is told apart', async () => {
    expect((await failing(229, "The SELECT permission was denied on the object 't'", 14)).code).toBe('read.forbidden');
    expect((await failing(1222, 'Lock request time out period exceeded.')).message).toContain('lock');
    expect((await failing(596, 'Cannot continue the execution because the session is in the kill state.', 21)).code).toBe('server.lost');
  });
});
