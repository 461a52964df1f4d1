import type { ServerFacts } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { shownText } from '../shown-name.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';

/** A question whose refusal is no fault: what the server will not say is null. */
async function perhaps(session: MysqlSession, text: string): Promise<readonly (string | null)[]> {
  try {
    return (await session.run(text))[0] ?? [];
  } catch (error) {
    if (error instanceof ServerError) return [];
    throw error;
  }
}

async function encryptionOf(session: MysqlSession): Promise<string | null> {
  const [, cipher] = await perhaps(session, "SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  const [, protocol] = await perhaps(session, "SHOW SESSION STATUS LIKE 'Ssl_version'");
  if (cipher) return shownText(`${protocol ?? ''}, ${cipher}`, 100);
  // Encrypted on our side, and not where the server looks: something stands between.
  return session.encryption === null ? null : `${session.encryption} (as far as a proxy before the server)`;
}

/** What answers there: product, version, identity, and how the server itself sees the encryption. */
export async function readServer(session: MysqlSession): Promise<ServerFacts> {
  const { flavour } = session;
  const [version = '', comment = '', folder = ''] = (await session.run('SELECT VERSION(), @@version_comment, @@basedir'))[0] ?? [];
  const said = `${version} ${comment} ${folder}`;
  const product = flavour.makers.find(([sign]) => sign.test(said))?.[1] ?? flavour.manner.label;
  const shown = (version ?? '').replace(/[^\w.() +~:-]/g, '').slice(0, 80);
  const [, major = '', minor = ''] = /^(?:5\.5\.5-)?(\d{1,3})\.(\d{1,3})\./.exec(shown) ?? [];
  if (!(Number(major) * 100 + Number(minor) >= flavour.lowest.version)) {
    throw new Fault('server.unsupported', {
      stage: 'version',
      field: 'address.host',
      detail: `${product} ${shown} is too old: Portcullis supports ${flavour.lowest.shown} and later.`,
      tryThis: ['Upgrade the server.'],
      technical: `version ${shown || 'unknown'}`,
    });
  }
  const [server] = await perhaps(session, flavour.serverSql.identity);
  session.identity = server ?? null;
  const [copies] = await perhaps(session, flavour.serverSql.replica);
  const database = Buffer.from(session.place?.[0] ?? '').toString('hex');
  return {
    product,
    version: shown,
    dialect: flavour.grammar.dialect,
    // Letters and figures, or it is no identity.
    identity: /^[\w+/=-]{16,64}$/.test(server ?? '') ? `${server}/${database}` : null,
    replica: copies === '1',
    encryption: await encryptionOf(session),
  };
}
