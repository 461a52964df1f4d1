import type { Actor } from '../platform/actor.ts';
import type { Dial } from '../platform/outbound.ts';
import { hostKey } from '../platform/outbound-host.ts';
import { countTest } from './attempts-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import type { Target } from './resolve-target.ts';

type Counted = Pick<Target, 'engine' | 'address' | 'login' | 'through'>;

/** Under which keys a test counts by what was typed, in one spelling. The account on the SSH server can be locked too. */
export function destinationKeys({ organizationId }: Pick<Actor, 'organizationId'>, { engine, address, login, through }: Counted): string[] {
  const { host, port, database } = engine.destination(address);
  const place = `${host === null ? '' : hostKey(host)}:${port ?? ''}/${database ?? ''}:${login.username}`;
  const over = through && `${through.place.user}@${hostKey(through.place.host)}:${through.place.port}`;
  const keys = [`destination:${organizationId}:${engine.id}:${place}${over === null ? '' : `:${over}`}`];
  return [...keys, ...(over === null ? [] : [`tunnel:${organizationId}:${over}`])].map((key) => key.toLowerCase());
}

/** The way out of a test: counts each address that is about to be dialled, whatever name led there. */
export function countingDial(deps: Pick<ConnectionsDeps, 'store' | 'dial'>, { organizationId }: Actor, target: Counted): Dial {
  const { engine, address, login, through } = target;
  const whose = through ? `ssh:${through.place.user}` : `${engine.destination(address).database ?? ''}:${login.username}`;
  const counted = new Set<string>();
  return (to, how) =>
    deps.dial(to, {
      ...how,
      async judged(addresses, port) {
        const keys = addresses.map((one) => `dialled:${organizationId}:${one}:${port}:${whose}`.toLowerCase());
        // Once a test: an engine may dial a place again.
        const fresh = keys.filter((key) => !counted.has(key));
        for (const key of fresh) counted.add(key);
        if (fresh.length > 0) await countTest(deps.store, organizationId, null, fresh);
      },
    });
}
