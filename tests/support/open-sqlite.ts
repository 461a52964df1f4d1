import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StageName } from '../../src/contract/connections.ts';
import type { FilesPlace } from '../../src/server/engines/engine.ts';
import type { SqliteSession } from '../../src/server/engines/sqlite/session.ts';
import { sqlite } from '../../src/server/engines/sqlite/sqlite.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { dial } from './open-postgres.ts';

/** A folder of database files, as an organisation has one. */
export interface TestFiles extends FilesPlace {
  /** Makes a database file and fills it. */
  create(name: string, sql: string): string;
  remove(): void;
}

/** Makes an empty folder for database files. */
export function testFiles(isOwn: FilesPlace['isOwn'] = () => false): TestFiles {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-files-'));
  return {
    root,
    isOwn,
    create(name, sql) {
      const path = join(root, name);
      const database = new DatabaseSync(path);
      database.exec(sql);
      database.close();
      return path;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Opens a file with the engine itself, telling `passed` each stage. */
export function openFile(
  files: FilesPlace,
  file: string,
  how: { passed?: [stage: StageName, evidence: string | null, status: string][]; signal?: AbortSignal } = {},
): Promise<SqliteSession> {
  const login = { username: '', password: new Secret('') };
  return sqlite.open(sqlite.address.parse({ file }), login, {
    dial,
    files,
    signal: how.signal ?? new AbortController().signal,
    statementTimeoutMs: 10_000,
    passed: (stage, evidence, status) => how.passed?.push([stage, evidence, status ?? 'passed']),
  });
}
