import { type Client, createClient } from '../contract/client.ts';
import type { Connection } from '../contract/connections.ts';
import { Id } from '../contract/paging.ts';
import { readEnvironment } from './environment.ts';
import { Failed } from './failure.ts';
import { readLogin } from './login-file.ts';

/** The address as it is compared and kept: without a trailing slash. */
export const plainUrl = (url: string): string => url.replace(/\/+$/, '');

/** The server that commands talk to: the environment's, else the one logged in to, else the default. */
export function serverUrl(): string {
  const environment = readEnvironment();
  return plainUrl(environment.url ?? readLogin(environment.configFolder)?.url ?? environment.defaultUrl);
}

/** A client without a key, for what needs none. */
export const anonymousClient = (baseUrl: string): Client => createClient({ baseUrl });

/** A client with a key. */
export const clientWithKey = (baseUrl: string, apiKey: string): Client =>
  createClient({ baseUrl, headers: { authorization: `Bearer ${apiKey}` } });

/** The client of this person. A kept key goes to the server it was kept for and to no other. */
export function connect(): Client {
  const environment = readEnvironment();
  const url = serverUrl();
  const login = readLogin(environment.configFolder);
  const key = environment.apiKey ?? (login && plainUrl(login.url) === url ? login.apiKey : null);
  if (key === null)
    throw new Failed('login.missing', `There is no API key for ${url}: run \`portcullis login\`, or set PORTCULLIS_API_KEY.`);
  return clientWithKey(url, key);
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** All of a list, page by page. */
export async function everyPage<T>(ask: (query: { cursor?: string; limit: number }) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<T> = await ask(cursor === undefined ? { limit: 500 } : { cursor, limit: 500 });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

/** The connection of this alias or id. */
export async function findConnection(client: Client, aliasOrId: string): Promise<Connection> {
  if (Id.safeParse(aliasOrId).success) return client.getDbConnection({ params: { id: aliasOrId } });
  const all = await everyPage((query) => client.listDbConnections({ query }));
  const found = all.find((connection) => connection.name === aliasOrId.trim());
  if (!found)
    throw new Failed('connection.unknown', `There is no connection with the alias or id ${aliasOrId}: see \`portcullis connection list\`.`);
  return found;
}
