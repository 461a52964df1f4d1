import { type ZodType, z } from 'zod';
import type { Address } from '../../../contract/connections.ts';
import { isOpenWire, nameWithin, networkShape, wayBinding } from '../network/address.ts';

/** A name has at most 128 characters, of up to three bytes each here. */
const Name = nameWithin(384).max(128, 'a database name has at most 128 characters');

/** Where a SQL Server database is. There is no instance name: finding its port is asking the host for any port it likes. */
export const SqlServerAddress = z.strictObject({ ...networkShape, database: Name });
export type SqlServerAddress = z.infer<typeof SqlServerAddress>;

/** The same check, giving the plain JSON that every engine's address is. */
export const addressSchema: ZodType<Address> = SqlServerAddress.transform((at): Address => JSON.parse(JSON.stringify(at)));

/** The address as this engine's own shape; throws where it was never checked. */
export const placeOf = (address: Address): SqlServerAddress => SqlServerAddress.parse(address);

/** Whether what is sent could be read on the way. */
export const isUnencrypted = (address: Address): boolean => isOpenWire(placeOf(address));

/** What a sealed credential is bound to: if any of it changes, the credential does not open. */
export function bindingOf(address: Address, username: string): Record<string, string | number | null> {
  const place = placeOf(address);
  return { host: place.host.toLowerCase(), port: place.port, database: place.database, user: username, ...wayBinding(place) };
}
