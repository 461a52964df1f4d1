import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../../contract/audit.ts';
import { client } from '../../api.ts';

/** What the address of the page says. */
export interface AuditSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly actor?: string | undefined;
  readonly connection?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: string | undefined;
  /** The page. */
  readonly cursor?: string | undefined;
  /** The entry that is open. */
  readonly entry?: string | undefined;
}

/** Entries of one page: few enough to be drawn at once. */
const PAGE = 50;

/** The entries that the address asks for. */
export function useEntries({ entry: _open, ...asked }: AuditSearch, enabled: boolean) {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return useQuery({
    queryKey: ['audit', given],
    queryFn: ({ signal }) => client.listAuditEntries({ query: { limit: PAGE, ...given } }, { signal }),
    enabled,
    staleTime: 0,
  });
}

/** One entry as it is now: one that was under way may have ended since the list was made. */
export function useEntry(id: string, listed?: AuditEntry) {
  return useQuery({
    queryKey: ['audit-entry', id],
    queryFn: ({ signal }) => client.getAuditEntry({ params: { id } }, { signal }),
    ...(listed ? { placeholderData: listed } : {}),
    staleTime: 0,
  });
}
