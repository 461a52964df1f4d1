import { type ZodType, z } from 'zod';
import type { Address } from '../../../contract/connections.ts';
import { isOpenWire, nameWithin, networkShape, wayBinding } from '../network/address.ts';

/** Where a database of this family is. A name has at most 64 characters, of four bytes at the most. */
export const MysqlAddress = z.strictObject({ ...networkShape, database: nameWithin(256) });
export type MysqlAddress = z.infer<typeof MysqlAddress>;

/** The same check, giving the plain JSON that every engine's address is. */
export const addressSchema: ZodType<Address> = MysqlAddress.transform((at): Address => JSON.parse(JSON.stringify(at)));

/** The address as this engine's own shape; throws where it was never checked. */
export const placeOf = (address: Address): MysqlAddress => MysqlAddress.parse(address);

/** Whether what is sent could be read on the way. */
export const isUnencrypted = (address: Address): boolean => isOpenWire(placeOf(address));

/** What a sealed credential is bound to: if any of it changes, the credential does not open. */
export function bindingOf(address: Address, username: string): Record<string, string | number | null> {
  const place = placeOf(address);
  return { host: place.host.toLowerCase(), port: place.port, database: place.database, user: username, ...wayBinding(place) };
}
