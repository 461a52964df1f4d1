import type { StringReader } from '../../../contract/engines.ts';
import { finishAll, type World } from '../string-draft.ts';
import { envKind } from '../string-env.ts';
import { stringReader } from '../string-reader.ts';
import { commandKind } from './string-command.ts';
import { pairsKind } from './string-pairs.ts';
import { worldOf } from './string-parameters.ts';
import { looksLikeGo, looksLikeUrl, looksWhole, readGoDrafts, readUrlDrafts, readWhole } from './string-url.ts';

const lines = (world: World) =>
  envKind({
    world,
    names: new Map(),
    group: '',
    words: /^(?:MYSQL|MARIADB|JAWSDB|CLEARDB)$/,
    ends: new Map([
      ['UNIX_PORT', 'socket'],
      ['SOCKET', 'socket'],
      ['UNIX_SOCKET', 'socket'],
      ['SSL_CA', 'sslCa'],
      ['SSLCA', 'sslCa'],
      ['CHARSET', 'charset'],
    ]),
    driver: /mysql|mariadb/i,
    isString: looksWhole,
    readString: (value) => readWhole(world, value),
  });

/** The engine that a text names first, if it names one; the reader of that engine is surest of it. */
const named = (text: string): string | undefined => /mysql|mariadb/i.exec(text)?.[0].toLowerCase();

/** A reader of what people paste for a MySQL or an engine that is reached like one. */
export function familyReader(world: World): StringReader {
  return stringReader({
    world,
    kinds: [
      { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: (text) => finishAll(readUrlDrafts(world, text)) },
      { likeness: (text) => (looksLikeGo(text) ? 0.9 : 0), read: (text) => finishAll(readGoDrafts(world, text)) },
      lines(world),
      commandKind(world),
      pairsKind(world),
    ],
    weigh(sure, text) {
      const name = named(text);
      return name === undefined ? sure * 0.98 : name === world.dbType ? sure : sure / 2;
    },
    unknown: `This is not a connection string that is known: paste a URL, a jdbc: or Go string, Server=…;Uid=…, a command with -h and -u, or .env lines.`,
  });
}

/** Reads what people paste for a MySQL. Runs in the browser too. */
export const mysqlStrings: StringReader = familyReader(worldOf('mysql'));
