import type { Database } from '../platform/database.ts';

/** Ends every sign-in of a person. */
export async function deleteSignIns(db: Database, userId: string): Promise<void> {
  await db.deleteFrom('auth_session').where('userId', '=', userId).execute();
}

/** Ends a person's sign-ins that work in the organisation, or may: those that chose none follow the memberships. */
export async function deleteSignInsOf(db: Database, userId: string, organizationId: string): Promise<void> {
  await db
    .deleteFrom('auth_session')
    .where('userId', '=', userId)
    .where((eb) => eb.or([eb('organizationId', '=', organizationId), eb('organizationId', 'is', null)]))
    .execute();
}

/** Ends the one sign-in. */
export async function deleteSignIn(db: Database, token: string): Promise<void> {
  await db.deleteFrom('auth_session').where('token', '=', token).execute();
}

/** Places a sign-in, named by its id or its token, in an organisation. */
export async function placeSignIn(
  db: Database,
  by: { readonly id: string } | { readonly token: string },
  organizationId: string,
): Promise<void> {
  const update = db.updateTable('auth_session').set({ organizationId });
  await ('id' in by ? update.where('id', '=', by.id) : update.where('token', '=', by.token)).execute();
}
