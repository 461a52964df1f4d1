import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the server is unless told otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:8686';

/** What the environment tells a client: the only reader of process.env in the command line. */
export interface Environment {
  /** PORTCULLIS_URL, or null. */
  readonly url: string | null;
  /** PORTCULLIS_API_KEY, or null. */
  readonly apiKey: string | null;
  readonly defaultUrl: string;
  /** The person's own configuration folder of Portcullis. */
  readonly configFolder: string;
}

export function readEnvironment(): Environment {
  const { PORTCULLIS_URL, PORTCULLIS_API_KEY, XDG_CONFIG_HOME } = process.env;
  return {
    url: PORTCULLIS_URL?.trim() || null,
    apiKey: PORTCULLIS_API_KEY?.trim() || null,
    defaultUrl: DEFAULT_URL,
    configFolder: join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'portcullis'),
  };
}
