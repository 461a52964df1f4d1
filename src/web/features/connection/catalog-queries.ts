import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { IngestionRun } from '../../../contract/connections.ts';
import { client } from '../../api.ts';

const goesOn = (run: IngestionRun | undefined): boolean => run?.state === 'queued' || run?.state === 'running';

/** The tables of a connection: page after page by itself, so that the whole tree can be searched and scrolled. `snapshot` names the reading, so that a new one is asked for. */
export function useTables(id: string, q: string, snapshot: string | null) {
  const query = useInfiniteQuery({
    queryKey: ['tables', id, q, snapshot],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      client.listTables({ params: { id }, query: { limit: 500, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }),
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const { hasNextPage, isFetching, fetchNextPage, error } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, error]);
  return query;
}

/** One table with everything that is known of it. */
export function useTable(id: string, schema: string, table: string) {
  return useQuery({
    queryKey: ['table', id, schema, table],
    queryFn: () => client.getTable({ params: { id, schema, table } }),
    staleTime: 30_000,
  });
}

/** What the readings found different, newest first. `snapshot` names the last of them, so that a new one is asked for. */
export function useChanges(id: string, snapshot: string | null) {
  return useQuery({
    queryKey: ['changes', id, snapshot],
    queryFn: () => client.listChanges({ params: { id }, query: { limit: 20 } }),
    placeholderData: keepPreviousData,
  });
}

/** The runs, newest first; asked every second while one goes on. */
export function useRuns(id: string) {
  return useQuery({
    queryKey: ['runs', id],
    queryFn: () => client.listIngestions({ params: { id }, query: { limit: 50 } }),
    refetchInterval: ({ state }) => (state.data?.items.some(goesOn) ? 1_000 : 15_000),
  });
}

/** One run with its log, as it goes on. */
export function useRun(id: string, runId: string | undefined) {
  return useQuery({
    queryKey: ['runs', id, runId],
    queryFn: () => client.getIngestion({ params: { id, runId: runId ?? '' } }),
    enabled: runId !== undefined,
    refetchInterval: ({ state }) => (goesOn(state.data) ? 1_000 : false),
  });
}
