import { type Kysely, sql } from 'kysely';
import { newId, now } from '../clock.ts';
import type { Store } from '../database.ts';
import { canonicalJson, contentHash, type Json, recordHash } from '../record-hash.ts';

/** Records become links of chains; those that stand already form the first chain, in the order they were made. */
export async function up(db: Kysely<unknown>, kind: Store['kind']): Promise<void> {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  const old = (await sql<OldRecord>`select * from records order by id`.execute(db)).rows;
  await run('drop table records');
  await run(
    `create table records (id text primary key, chain text not null, sequence bigint not null, kind text not null, attempt text,
     organization_id text not null, at text not null, actor_id text, actor_name text not null, via text not null, action text not null,
     subject text not null, subject_id text, outcome text not null, detail text not null, previous text not null, hash text not null)`,
  );
  await run('create unique index records_place on records (chain, sequence)');
  // An attempt is settled once.
  await run('create unique index records_attempt on records (attempt)');
  await run('create index records_newest on records (organization_id, id)');
  await run('create index records_subject on records (subject_id, id)');
  // What the processes that write know of each other; no part of the evidence.
  await run('create table audit_chains (id text primary key, opened_at text not null, touched_at text not null, ended_at text)');
  await (kind === 'server' ? refuseOnServer(run) : refuseEmbedded(run));
  if (old.length > 0) await chainOld(db, old);
}

async function refuseOnServer(run: (text: string) => Promise<unknown>): Promise<void> {
  const refuse = 'execute function portcullis_append_only()';
  await run(`create trigger records_append_only before update or delete on records for each row ${refuse}`);
  await run(`create trigger records_no_truncate before truncate on records for each statement ${refuse}`);
}

async function refuseEmbedded(run: (text: string) => Promise<unknown>): Promise<void> {
  const refuse = "begin select raise(abort, 'records are append-only'); end";
  for (const what of ['update', 'delete']) await run(`create trigger records_no_${what} before ${what} on records ${refuse}`);
  // REPLACE would remove a row that stands in its way without telling the trigger on delete.
  const standing = ['id = new.id', 'chain = new.chain and sequence = new.sequence', 'attempt = new.attempt'];
  const exists = standing.map((where) => `exists (select 1 from records where ${where})`).join(' or ');
  await run(`create trigger records_no_replace before insert on records when ${exists} ${refuse}`);
}

interface OldRecord {
  readonly id: string;
  readonly organization_id: string;
  readonly at: string;
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly via: string;
  readonly action: string;
  readonly subject: string;
  readonly subject_id: string | null;
  readonly outcome: string;
  readonly detail: string;
}

async function chainOld(db: Kysely<unknown>, old: readonly OldRecord[]): Promise<void> {
  const chain = newId();
  const at = now();
  await sql`insert into audit_chains (id, opened_at, touched_at, ended_at) values (${chain}, ${at}, ${at}, ${at})`.execute(db);
  const opening = { id: newId(), organization_id: '', at, actor_id: null, actor_name: 'Portcullis', via: 'system', action: 'audit.opened' };
  const first = { ...opening, subject: 'chain', subject_id: chain, outcome: 'done', detail: '{"checkpoints":false,"predecessors":[]}' };
  let previous = '';
  for (const [index, row] of [first, ...old].entries()) {
    const detail = JSON.parse(row.detail) as { readonly [name: string]: Json };
    const kind = index === 0 ? 'opened' : 'deed';
    const content = contentHash({
      id: row.id,
      organizationId: row.organization_id,
      at: row.at,
      kind,
      attempt: null,
      actorId: row.actor_id,
      actorName: row.actor_name,
      via: row.via,
      action: row.action,
      subject: row.subject,
      subjectId: row.subject_id,
      outcome: row.outcome,
      detail,
    });
    const hash = recordHash({ chain, sequence: index + 1, previous }, content);
    await sql`insert into records (id, chain, sequence, kind, attempt, organization_id, at, actor_id, actor_name, via, action, subject, subject_id, outcome, detail, previous, hash)
      values (${row.id}, ${chain}, ${index + 1}, ${kind}, null, ${row.organization_id}, ${row.at}, ${row.actor_id}, ${row.actor_name}, ${row.via}, ${row.action}, ${row.subject},
      ${row.subject_id}, ${row.outcome}, ${canonicalJson(detail)}, ${previous}, ${hash})`.execute(db);
    previous = hash;
  }
}
