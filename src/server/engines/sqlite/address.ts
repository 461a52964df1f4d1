import { type ZodType, z } from 'zod';
import type { Address } from '../../../contract/connections.ts';

/** Where a SQLite database is: a file in the folder that the server keeps for the organisation. */
export const SqliteAddress = z.strictObject({
  file: z
    .string()
    .trim()
    .min(1, 'enter the name of the file')
    .max(1024, 'a file name has at most 1024 characters')
    .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must not hold control characters')
    // A URI may say that the file is to be made, or opened in another way than read-only.
    .refine((file) => !/^[a-z][a-z0-9+.-]+:/i.test(file), 'enter a file name: no scheme such as file: or sqlite:'),
});
export type SqliteAddress = z.infer<typeof SqliteAddress>;

/** The same check, giving the plain JSON that every engine's address is. */
export const addressSchema: ZodType<Address> = SqliteAddress.transform((at): Address => ({ file: at.file }));

/** The address as this engine's own shape; throws where it was never checked. */
export const placeOf = (address: Address): SqliteAddress => SqliteAddress.parse(address);
