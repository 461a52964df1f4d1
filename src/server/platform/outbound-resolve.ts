import { lookup as dnsLookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { Fault } from './fault.ts';
import type { Destination } from './outbound.ts';
import { oneSpelling, readHost } from './outbound-host.ts';

/** Asks the name service for every address of a name. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

/** The machine's own resolver, with its hosts file, in the order it answers. */
export const systemLookup: Lookup = (name) => dnsLookup(name, { all: true, order: 'verbatim' });

const SHOWN = 4;

/** The addresses of a host, from one lookup (none for an address), and what to tell of it. */
export async function resolveOnce(
  to: Destination,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<{ readonly addresses: readonly string[]; readonly evidence: string }> {
  const host = readHost(to.host);
  if (host === null) throw unknownName(to, 'not a name');
  if ('address' in host) return { addresses: [host.address], evidence: `the address ${host.address}: no name to look up` };
  const answers = await unlessAborted(lookup(host.name), signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : explain(error, to);
  });
  const addresses = [...new Set(answers.map(({ address }) => (ipaddr.isValid(address) ? oneSpelling(address) : address)))];
  if (addresses.length === 0) throw unknownName(to, 'no address');
  const shown = addresses.length > SHOWN ? `${addresses.slice(0, SHOWN).join(', ')}, …` : addresses.join(', ');
  return { addresses, evidence: `${addresses.length === 1 ? '1 address' : `${addresses.length} addresses`}: ${shown}` };
}

/** The promise, or the signal's reason at once: a lookup cannot be stopped, but nobody waits for it. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const unknownNames = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

function explain(error: unknown, to: Destination): Fault {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  if (unknownNames.has(code)) return unknownName(to, code);
  return new Fault('resolver.unavailable', {
    stage: 'dns',
    field: to.field,
    detail: `The name service did not answer for ${to.host}.`,
    tryThis: ['Try again in a moment.', 'If it stays so, whoever runs Portcullis should check its name service, or use an IP address.'],
    technical: code,
    retryable: true,
    cause: error,
  });
}

function unknownName(to: Destination, technical: string): Fault {
  return new Fault('host.unresolved', {
    stage: 'dns',
    field: to.field,
    detail:
      technical === 'not a name'
        ? 'This is neither a host name nor an IP address.'
        : `No host named ${to.host} is visible from the server that Portcullis runs on.`,
    tryThis: [
      'Check the spelling.',
      'A name of a private network is known only inside it: use its IP address, or run Portcullis where the name is known.',
    ],
    technical,
  });
}
