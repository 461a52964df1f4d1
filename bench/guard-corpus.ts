import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineId } from '../src/contract/engines.ts';
import type { GuardResult, PublishedCatalog, PublishedTable } from '../src/server/engines/guard.ts';
import { loadGuard } from '../src/server/engines/guards.ts';

/**
 * Runs the guard over a folder of statements (attack.<dialect>.jsonl, legit.<dialect>.jsonl, bird_schema.json) and prints,
 * a dialect a line: hostile ones accepted, legitimate ones passed with exactly their tables, statements a second.
 * `node bench/guard-corpus.ts <folder>`; GUARD_SPIDER names the tables file of the statements without a database, GUARD_ENGINES
 * chooses engines (mysql,oracle), GUARD_SHOW prints what did not pass.
 */
interface Statement {
  readonly sql: string;
  readonly cls?: string;
  readonly db?: string | null;
  readonly gold_tables?: string[] | null;
  readonly benign_in_default_mode?: boolean;
}

const folder = process.argv[2] ?? process.env.GUARD_CORPUS ?? '';
if (!existsSync(join(folder, 'bird_schema.json'))) {
  console.log('no corpus: node bench/guard-corpus.ts <folder>');
  process.exit(0);
}
const read = (name: string): Statement[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Statement);
const bird = JSON.parse(readFileSync(join(folder, 'bird_schema.json'), 'utf8')) as Record<string, Record<string, [string, string][]>>;
const spiderFile = process.env.GUARD_SPIDER ?? join(folder, '../retrieval/spider.tables.json');
const spider = existsSync(spiderFile)
  ? (JSON.parse(readFileSync(spiderFile, 'utf8')) as { name: string; columns: { name: string }[] }[])
  : [];

const dialects: { id: EngineId; file: string; schema: string; fold: (name: string) => string }[] = [
  { id: 'postgresql', file: 'postgresql', schema: 'public', fold: (name) => (/^\w+$/.test(name) ? name.toLowerCase() : name) },
  { id: 'sqlite', file: 'sqlite', schema: 'main', fold: (name) => name },
  { id: 'mysql', file: 'mysql', schema: 'app', fold: (name) => name },
  { id: 'mariadb', file: 'mysql', schema: 'app', fold: (name) => name },
  { id: 'sqlserver', file: 'tsql', schema: 'dbo', fold: (name) => name },
  { id: 'oracle', file: 'oracle', schema: 'APP', fold: (name) => (/^[A-Za-z][\w$#]*$/.test(name) ? name.toUpperCase() : name) },
];

const hostileTables: Record<string, string[]> = {
  users: ['id', 'name', 'email', 'password', 'a', 'props'],
  t: ['id', 'a', 'b', 'c', 'd', 'v', 'ts'],
  u: ['id', 'a'],
  x: ['id'],
  y: ['id'],
  z: ['id'],
  orders: ['id', 'user_id', 'customer_id', 'total', 'created_at'],
  docs: ['id', 'data'],
};

const only = process.env.GUARD_ENGINES?.split(',');
for (const { id, file, schema, fold } of dialects.filter((one) => only?.includes(one.id) ?? true)) {
  const table = (name: string, columns: string[]): PublishedTable => ({
    schema,
    name: fold(name),
    kind: 'table',
    columns: [...new Set(columns.map(fold))],
  });
  const catalogs = new Map<string, PublishedCatalog>();
  for (const [db, tables] of Object.entries(bird)) {
    catalogs.set(db, {
      tables: Object.entries(tables).map(([name, columns]) =>
        table(
          name,
          columns.map(([column]) => column),
        ),
      ),
    });
  }
  const byName = Map.groupBy(spider, (one) => one.name.toLowerCase());
  catalogs.set('', {
    tables: [...byName].map(([name, all]) =>
      table(name, [...new Map(all.flatMap((one) => one.columns.map((c) => [c.name.toLowerCase(), c.name]))).values()]),
    ),
  });
  const hostile: PublishedCatalog = { tables: Object.entries(hostileTables).map(([name, columns]) => table(name, columns)) };
  const guard = await loadGuard(id);
  const judge = (sql: string, published: PublishedCatalog): GuardResult => guard.classify({ sql, published, searchPath: [schema] });

  const attacks = read(`attack.${file}.jsonl`);
  const accepted = attacks.filter((one) => judge(one.sql, hostile).ok);
  for (const one of accepted) console.log(`${id} accepted${one.benign_in_default_mode ? ' (benign)' : ''}: [${one.cls}] ${one.sql}`);

  const legit = read(`legit.${file}.jsonl`);
  const known = legit.filter((one) => one.gold_tables);
  let passed = 0;
  const began = process.cpuUsage();
  for (const one of known) {
    const result = judge(one.sql, catalogs.get(one.db ?? '') ?? { tables: [] });
    const gold = (one.gold_tables ?? [])
      .map((name) => name.toLowerCase().split('.').at(-1))
      .sort()
      .join();
    const found = result.ok
      ? result.tables
          .map((ref) => ref.table.toLowerCase())
          .sort()
          .join()
      : '';
    if (result.ok && found === gold) passed++;
    else if (process.env.GUARD_SHOW)
      console.log(
        `${id} ${result.ok ? `tables ${found} not ${gold}` : `${result.refusal.rule}: ${result.refusal.message} ${result.refusal.allowed}`}\n   ${one.sql.replace(/\s+/g, ' ')}`,
      );
  }
  const { user, system } = process.cpuUsage(began);
  const rate = known.length / ((user + system) / 1e6);
  const rest = legit.length - known.length;
  const share = ((100 * passed) / known.length).toFixed(2);
  console.log(
    `${id}: hostile accepted ${accepted.filter((one) => !one.benign_in_default_mode).length} of ${attacks.length}; legitimate passed with their tables ${passed} of ${known.length} (${share} %); ${rest} that no database runs left out; ${Math.round(rate)} statements a CPU second`,
  );
}
