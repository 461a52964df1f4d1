import { type ZodType, z } from 'zod';
import type { Address } from '../../../contract/connections.ts';
import { isOpenWire, networkShape, wayBinding } from '../network/address.ts';

/**
 * Letters, digits and what service names are made of, and nothing else: the name becomes part of a connect descriptor, in which parentheses and
 * equals signs would name other hosts, proxies and files.
 */
const Service = z
  .string()
  .trim()
  .min(1, 'enter the name of the service')
  .max(250, 'a service name has at most 250 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.$#-]*$/, 'a service name has letters, digits and _ . $ # - alone: no slash, colon or parentheses');

/** Where an Oracle database is. `naming`: whether the name is that of a service (every pluggable database has one) or an old SID. */
export const OracleAddress = z.strictObject({
  ...networkShape,
  service: Service,
  naming: z.enum(['service', 'sid']).default('service'),
});
export type OracleAddress = z.infer<typeof OracleAddress>;

/** The same check, giving the plain JSON that every engine's address is. */
export const addressSchema: ZodType<Address> = OracleAddress.transform((at): Address => JSON.parse(JSON.stringify(at)));

/** The address as this engine's own shape; throws where it was never checked. */
export const placeOf = (address: Address): OracleAddress => OracleAddress.parse(address);

/** Whether what is sent could be read on the way. */
export const isUnencrypted = (address: Address): boolean => isOpenWire(placeOf(address));

/** What a sealed credential is bound to: if any of it changes, the credential does not open. Listeners do not tell letter case apart. */
export function bindingOf(address: Address, username: string): Record<string, string | number | null> {
  const place = placeOf(address);
  const { port, naming } = place;
  return { host: place.host.toLowerCase(), port, service: place.service.toLowerCase(), naming, user: username, ...wayBinding(place) };
}

/** The one-address descriptor that the driver is given: our own door, and nothing of the address but the service. */
export function descriptorOf({ service, naming }: OracleAddress, port: number): string {
  const name = `(${naming === 'sid' ? 'SID' : 'SERVICE_NAME'}=${service})`;
  return `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT=${port}))(CONNECT_DATA=${name}))`;
}
