import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageName, StageResult } from '../src/contract/connections.ts';
import type { Tls } from '../src/contract/engines.ts';
import { Assembly } from '../src/server/catalog/assemble-tables.ts';
import { stagedTest } from '../src/server/connections/staged-test.ts';
import { postgres } from '../src/server/engines/postgres/postgres.ts';
import type { PostgresSession } from '../src/server/engines/postgres/session.ts';
import type { Fault } from '../src/server/platform/fault.ts';
import { Secret } from '../src/server/platform/secret.ts';
import { makeAuthority, makeServerCertificate } from './support/certificates.ts';
import { deeds, firstStatementPlays } from './support/hostile-deeds.ts';
import { encryptionPlays, type HostilePlay, signInPlays } from './support/hostile-plays.ts';
import { type HostileServer, type Play, startHostileServer } from './support/hostile-server.ts';
import { growthDuring } from './support/memory.ts';
import { admitTarget, dial, noFiles, open } from './support/open-postgres.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { begunAnswer, message, ready, row } from './support/postgres-messages.ts';
import { gate } from './support/require.ts';

const PASSWORD = 'correct horse battery staple';
/** Milliseconds that a stage may take. */
const limits: Partial<Record<StageName, number>> = { tls: 10_000 };
const LIMIT = 15_000;
const MOST_MEGABYTES = 64;

const authority = await makeAuthority();
const pair = await makeServerCertificate(authority);
const clear: Tls = { mode: 'disable' };

/** What a staged test of a server told. */
interface Told {
  readonly failed: StageResult;
  readonly all: string;
}

async function testOf(server: HostileServer, tls: Tls): Promise<Told> {
  const address = postgres.address.parse({ host: '127.0.0.1', port: server.port, database: 'shop', tls, ssh: null });
  const login = { username: 'reader', password: new Secret(PASSWORD) };
  const signal = new AbortController().signal;
  const tested = await stagedTest(
    { engine: postgres, address, login, through: null, acknowledge: [] },
    { dial, admitTarget, files: noFiles, ownIdentity: null, sameAs: null, signal, onStage: () => {} },
  );
  const failed = tested.stages.find(({ status }) => status === 'failed');
  if (!failed) throw new Error('the test passed');
  return { failed, all: JSON.stringify(tested) };
}

/** Plays, tests, and holds what is true of every fault: it is clear, holds no word of the server or the password,
 * leaves no socket, and did not fill the memory. */
async function suffer(play: Play, tls: Tls): Promise<StageResult> {
  const server = await startHostileServer(play);
  try {
    let told: Told | undefined;
    const { resident } = await growthDuring(async () => {
      told = await testOf(server, tls);
    });
    const { failed, all } = told ?? (await testOf(server, tls));
    expect(failed.fault?.happened).toMatch(/^[A-Z0-9].{10,}\.$/u);
    expect(all).not.toMatch(/hunter2|xxxx|stuffed|HTTP\/|OpenSSH/);
    expect(all).not.toContain(PASSWORD);
    expect(all.length).toBeLessThan(20_000);
    expect(server.heard().includes(PASSWORD)).toBe(false);
    await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
    await expect.poll(sockets, { timeout: 5000 }).toBe(0);
    expect(resident).toBeLessThan(MOST_MEGABYTES);
    return failed;
  } finally {
    await server.close();
  }
}

/** Sockets of this process; the listener of a hostile server is not one. */
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|TCPConnectWrap)$/.test(name)).length;

const tlsOf = ({ encrypted }: HostilePlay): Tls => (encrypted ? { mode: 'verify-full', ca: authority.cert } : clear);
const endsAtOnce = ({ stalls }: { stalls?: boolean }): boolean => !stalls;

describe('a server that stalls', () => {
  it('is given up at the limit of its stage, wherever it stalls', async () => {
    const plays = [...signInPlays, ...firstStatementPlays, ...encryptionPlays(pair)].filter(({ stalls }) => stalls);
    expect(plays.length).toBeGreaterThan(15);
    const servers = await Promise.all(plays.map(({ play }) => startHostileServer(play)));
    const told = await Promise.all(servers.map((server, i) => testOf(server, tlsOf(plays[i] as HostilePlay))));
    for (const [i, { failed }] of told.entries()) {
      const { name, stage, code } = plays[i] as HostilePlay;
      expect([name, failed.stage, failed.fault?.code]).toEqual([name, stage, code]);
      expect(failed.ms, name).toBeLessThan((limits[failed.stage] ?? LIMIT) + 1000);
    }
    await expect.poll(() => servers.map((server) => server.open()), { timeout: 5000 }).toEqual(servers.map(() => 0));
    await expect.poll(sockets, { timeout: 5000 }).toBe(0);
    for (const server of servers) await server.close();
  }, 60_000);
});

describe('a server that does not stall', () => {
  const plays = [...signInPlays, ...firstStatementPlays, ...encryptionPlays(pair)].filter(endsAtOnce);
  it.each(plays.map((play) => [play.encrypted ? `${play.name}, asked for encryption` : play.name, play] as const))(
    'but %s',
    async (_, play) => {
      const failed = await suffer(play.play, tlsOf(play));
      expect([failed.stage, failed.fault?.code]).toEqual([play.stage, play.code]);
      expect(failed.ms).toBeLessThan(5000);
    },
  );
});

describe.skipIf(gate('postgres').skip)('a server that turns hostile', () => {
  let real: PostgresServer;
  beforeAll(async () => {
    real = await startPostgres();
    await real.createDatabase('shop');
    await real.sql('create table orders (id int primary key, total numeric)', 'shop');
    await real.createReadOnlyLogin('shop', 'reader', PASSWORD);
  });
  afterAll(() => real.stop());

  /** Words of the first statement of each stage. */
  const statements = {
    version: 'version()',
    read: 'COMMENT ON TABLE',
    privilege: 'pg_has_role',
    catalog: 'count(DISTINCT nspname)',
  } as const;
  const turning =
    (words: string, deed: Play): Play =>
    async (talk) => {
      await talk.relayUntil(real.port, words);
      await deed(talk);
    };

  describe.each(Object.entries(statements))('at stage %s', (stage, words) => {
    it.each(deeds.filter(endsAtOnce))('and $name', async ({ deed, codes }) => {
      const failed = await suffer(turning(words, deed), clear);
      expect(failed.stage).toBe(stage);
      expect(codes).toContain(failed.fault?.code);
      expect(failed.ms).toBeLessThan(5000);
    });
  });

  it('by saying nothing more is given up at the limit of the stage', async () => {
    const plays = Object.entries(statements).flatMap(([stage, words]) =>
      deeds.filter(({ stalls }) => stalls).map((deed) => ({ stage, words, ...deed })),
    );
    await Promise.all(
      plays.map(async ({ stage, words, deed, codes }) => {
        const server = await startHostileServer(turning(words, deed));
        const { failed } = await testOf(server, clear);
        expect(failed.stage).toBe(stage);
        expect(codes).toContain(failed.fault?.code);
        expect(failed.ms).toBeLessThan(LIMIT + 1000);
        await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
        await server.close();
      }),
    );
  }, 60_000);

  describe('while the catalogue is read', () => {
    const rows = (count: number, width: number): Buffer =>
      Buffer.concat(Array.from({ length: count }, () => row(...Array.from({ length: 9 }, () => 'x'.repeat(width)))));
    /** Says yes to the cursor whose declaration was held back, then gives these rows whenever rows are asked for. */
    const again =
      (rowsOfIt: Buffer): Play =>
      async (talk) => {
        await talk.say(message('1'), message('2'), message('n'), message('C', 'DECLARE CURSOR\0'), ready);
        const whole = Buffer.concat([begunAnswer(9), rowsOfIt, message('C', 'FETCH 1000\0'), ready]);
        while (await talk.next()) await talk.say(whole);
      };
    const declared = [message('1'), message('2'), message('n'), message('C', 'DECLARE CURSOR\0'), ready] as const;
    const fetched = (width: number, values: (i: number) => string[]): Buffer =>
      Buffer.concat([begunAnswer(width), ...Array.from({ length: 500 }, (_, i) => row(...values(i))), message('C', 'FETCH 500\0'), ready]);
    /** Gives small rows without end: of ten thousand tables, then of their columns. */
    const smallColumns: Play = async (talk) => {
      await talk.say(...declared);
      let ofColumns = false;
      let said = 0;
      for (let asked = await talk.next(); asked; asked = await talk.next()) {
        const first = 500 * (said++ % 20);
        if (asked.includes('DECLARE')) {
          ofColumns = asked.includes('pg_get_expr');
          said = 0;
          await talk.say(...declared);
        } else if (ofColumns) await talk.say(fetched(10, (i) => [`${first + i}`, '1', 'a', 'int', 't', 'x', 'f', 'f', 't', '0']));
        else if (said > 20) await talk.say(begunAnswer(7), message('C', 'FETCH 0\0'), ready);
        else await talk.say(fetched(7, (i) => [`${first + i}`, 'public', `t${first + i}`, 'r', '1', 't', '']));
      }
    };
    const enumerations: Play = async (talk) => {
      await talk.say(...declared);
      const labels = JSON.stringify(Array.from({ length: 200 }, (_, i) => `label ${i}`));
      for (let said = 0; await talk.next(); said++) await talk.say(fetched(2, (i) => [`${said * 500 + i}`, labels]));
    };
    const more = [
      { name: 'fills every batch', words: 'pg_get_expr', deed: again(rows(500, 900)), codes: ['database.failed'] },
      { name: 'sends more rows than were asked for', words: 'pg_get_expr', deed: again(rows(400_000, 1)), codes: ['protocol.mismatched'] },
      { name: 'has small columns without end', words: 'pg_get_partkeydef', deed: smallColumns, codes: ['database.failed'] },
      { name: 'has enumerations without end', words: 'enumsortorder', deed: enumerations, codes: ['database.failed'] },
    ];

    it.each([...deeds.map((deed) => ({ ...deed, words: 'FETCH FORWARD' })), ...more])(
      'and $name',
      async ({ words, deed, codes }) => {
        const server = await startHostileServer(turning(words, deed));
        let failure: unknown = null;
        const { held } = await growthDuring(async () => {
          const place = { port: server.port, database: 'shop', password: PASSWORD };
          const session = await open(place, [], undefined, 2000);
          await readAll(session).catch((error) => {
            failure = error;
          });
          await session.close();
        });
        expect(codes).toContain((failure as Fault | null)?.code);
        expect(failure).toMatchObject({ about: { stage: 'catalog' } });
        expect(held).toBeLessThan(MOST_MEGABYTES);
        await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
        await server.close();
      },
      120_000,
    );
  });
});

async function readAll(session: PostgresSession): Promise<void> {
  // Less than a database may have, for the sake of time, and more than memory may hold.
  const assembly = new Assembly(66_000_000);
  try {
    for await (const batch of postgres.facts(session, new AbortController().signal)) {
      expect(batch.facts.length).toBeLessThanOrEqual(1000);
      for (const fact of batch.facts) assembly.add(fact);
    }
  } finally {
    assembly.close();
  }
}
