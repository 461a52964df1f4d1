import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { openStore } from '../../src/server/platform/database.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { openVault } from '../../src/server/vault/vault.ts';

// A process of its own: opens the vault of the store named on its standard input and prints a digest of each key it gets.
const { url, key, folder } = JSON.parse(await text(process.stdin));
const store = await openStore({ url: new Secret(url) });
const config = { masterKey: new Secret(key), masterKeyFile: null, databaseUrl: new Secret(url), dataDir: folder };
const vault = await openVault({ config, store, embedded: false });
const keys = await Promise.all((['cookie', 'receipt', 'fingerprint', 'audit'] as const).map((purpose) => vault.key(purpose)));
console.log(keys.map((made) => createHash('sha256').update(made.export()).digest('hex')).join(' '));
await store.close();
