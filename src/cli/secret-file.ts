import { readFileSync } from 'node:fs';
import { UsageError } from './failure.ts';

/** The text of a file that a flag names: a certificate, or a private key, which belongs in no argument. */
export function readNamed(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag} ${path} cannot be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'}).`);
  }
}
