import type { World } from '../string-draft.ts';
import { envKind } from '../string-env.ts';
import type { Kind } from '../string-reader.ts';
import { looksLikeUrl, readUrlDrafts } from './string-url.ts';

/** The variables that libpq reads, by the keyword each stands for. */
export const environmentNames: ReadonlyMap<string, string> = new Map([
  ['PGHOST', 'host'],
  ['PGHOSTADDR', 'hostaddr'],
  ['PGPORT', 'port'],
  ['PGDATABASE', 'dbname'],
  ['PGUSER', 'user'],
  ['PGPASSWORD', 'password'],
  ['PGSSLMODE', 'sslmode'],
  ['PGSSLROOTCERT', 'sslrootcert'],
  ['PGSSLCERT', 'sslcert'],
  ['PGSSLKEY', 'sslkey'],
  ['PGOPTIONS', 'options'],
  ['PGAPPNAME', 'application_name'],
  ['PGSERVICE', 'service'],
  ['PGPASSFILE', 'passfile'],
  ['PGSERVICEFILE', 'servicefile'],
  ['PGCLIENTENCODING', 'client_encoding'],
  ['PGCONNECT_TIMEOUT', 'connect_timeout'],
  ['PGREQUIRESSL', 'requiressl'],
  ['PGTARGETSESSIONATTRS', 'target_session_attrs'],
  ['PGCHANNELBINDING', 'channel_binding'],
  ['PGGSSENCMODE', 'gssencmode'],
  ['PGKRBSRVNAME', 'krbsrvname'],
]);

/** Lines such as DATABASE_URL=postgres://…, PGHOST=… or POSTGRES_HOST=…. */
export const envLines = (world: World): Kind =>
  envKind({
    world,
    names: environmentNames,
    group: 'PG',
    words: /^(?:POSTGRES|POSTGRESQL|PG)$/,
    driver: /\bpg|postgres/i,
    isString: looksLikeUrl,
    readString: (text) => readUrlDrafts(world, text),
  });
