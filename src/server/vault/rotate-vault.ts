import type { VaultRotation } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database, Store } from '../platform/database.ts';
import type { AboutOf } from './rotate-key.ts';

/** The record of a rotation, as the audit keeps it. */
interface RotationEntry {
  readonly organizationId: string;
  readonly actor: { readonly id: string; readonly name: string; readonly via: Actor['via'] };
  readonly action: 'vault.rotating' | 'vault.rotated';
  readonly subject: 'vault';
  readonly subjectId: null;
  readonly outcome: 'done' | 'failed';
  readonly detail: Readonly<Record<string, string | number>>;
}

interface RotateVaultDeps {
  readonly store: Store;
  readonly vault: { rotate(aboutOf: AboutOf): Promise<VaultRotation> };
  readonly record: (trx: Database, entry: RotationEntry) => Promise<void>;
  /** What the stored credential of a slot is bound to. */
  readonly bindingOf: AboutOf;
}

/** Puts another master key in place of the one in use; that it begins and how it ends is on record. */
export async function rotateVault({ store, vault, record, bindingOf }: RotateVaultDeps, actor: Actor): Promise<VaultRotation> {
  const keep = (about: Pick<RotationEntry, 'action' | 'outcome' | 'detail'>): Promise<void> => {
    const by = { id: actor.userId, name: actor.name, via: actor.via };
    return record(store.db, { organizationId: actor.organizationId, actor: by, subject: 'vault', subjectId: null, ...about });
  };
  await keep({ action: 'vault.rotating', outcome: 'done', detail: {} });
  const rotated = await vault.rotate(bindingOf);
  const { keyId, previousKeyId, moved, unreadable, done } = rotated;
  await keep({ action: 'vault.rotated', outcome: done ? 'done' : 'failed', detail: { keyId, previousKeyId, moved, unreadable } });
  return rotated;
}
