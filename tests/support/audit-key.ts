import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { AuditKey } from '../../src/server/audit/audit.ts';

/** Thirty-two random bytes, as the vault draws them for the audit. */
export const randomKey = (): KeyObject => createSecretKey(randomBytes(32));

/** A key for the audit without a vault. `made`: as at the first start of a store. */
export const auditKey =
  (key: KeyObject = randomKey(), made = false): AuditKey =>
  async () => ({ key, made });
