import { openStore } from '../../src/server/platform/database.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { openVault } from '../../src/server/vault/vault.ts';
import { boundTo } from './rotation.ts';

// A process to be killed: opens store and vault as it is told on its command line, says so, and rotates when it is told to.
const { folder, url, masterKey, masterKeyNext } = JSON.parse(process.argv[2] ?? '{}') as Record<string, string | undefined>;
const secret = (text: string | undefined): Secret | null => (text === undefined ? null : new Secret(text));
const place = url === undefined ? { folder: folder ?? '' } : { url: new Secret(url) };
const store = await openStore(place);
const config = {
  dataDir: folder ?? '',
  databaseUrl: secret(url),
  masterKey: secret(masterKey),
  masterKeyFile: null,
  masterKeyNext: secret(masterKeyNext),
};
const vault = await openVault({ config, store, embedded: url === undefined });
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const { moved } = await vault.rotate(async (connectionId, slot) => boundTo(connectionId, slot));
  process.stdout.write(`rotated ${moved}\n`);
});
