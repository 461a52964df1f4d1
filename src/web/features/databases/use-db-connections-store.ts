import { useMutation, useQuery } from '@tanstack/react-query';
import type { Call } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { ask, client, queryClient } from '../../api.ts';

type EditBody = NonNullable<Call<'editDbConnection'>['body']>;

/** Whether its schema is being read or made searchable right now. */
export function isBeingRead(connection: Connection): boolean {
  const state = connection.ingestion?.state;
  return connection.isActive && (state === 'queued' || state === 'running');
}

/** Whether the database does not answer, does not let us in, or is not the one that was confirmed. */
export function isUnwell({ health }: Connection): boolean {
  return health.state === 'authentication_failed' || health.state === 'unreachable' || health.state === 'changed';
}

/** Whether it can be asked and queried. */
export const isReady = (connection: Connection): boolean => connection.isActive && connection.status === 'ready' && !isUnwell(connection);

/** Whether a person has to look after it: a reading failed or waits, or the database does not let us in. */
export function needsAttention(connection: Connection): boolean {
  if (!connection.isActive) return false;
  return (
    connection.status === 'failed' ||
    connection.ingestion?.state === 'held' ||
    connection.ingestion?.state === 'failed' ||
    isUnwell(connection) ||
    connection.alerts.length > 0
  );
}

/** Every second while something is being read, else every quarter of a minute. */
const pace = (connections: readonly Connection[] | undefined) => (connections?.some(isBeingRead) ? 1_000 : 15_000);

function replace(connection: Connection): void {
  queryClient.setQueryData(['connection', connection.id], connection);
  void queryClient.invalidateQueries({ queryKey: ['connections'] });
}

/** The connections I may see, kept up to date, and what can be done with them. */
export function useDbConnectionsStore() {
  const query = useQuery({ ...ask.connections, refetchInterval: ({ state }) => pace(state.data) });
  const connections = query.data ?? [];
  return {
    connections,
    isLoading: query.isPending,
    error: query.error,
    refresh: () => void query.refetch(),
    beingRead: connections.filter(isBeingRead),
    needAttention: connections.filter(needsAttention),
  };
}

/** One connection, kept up to date in the same way. */
export function useDbConnection(id: string) {
  return useQuery({
    queryKey: ['connection', id],
    queryFn: () => client.getDbConnection({ params: { id } }),
    placeholderData: () => queryClient.getQueryData<Connection[]>(ask.connections.queryKey)?.find((connection) => connection.id === id),
    refetchInterval: ({ state }) => pace(state.data && [state.data]),
  });
}

/** What can be done with one connection; lists and pages follow by themselves. */
export function useConnectionActions(id: string) {
  const params = { id };
  const run = (runId: string) => ({ params: { id, runId } });
  const settle = () => {
    for (const queryKey of [['connections'], ['connection', id], ['runs', id], ['tables', id], ['changes', id]])
      void queryClient.invalidateQueries({ queryKey });
  };
  return {
    edit: useMutation({
      mutationFn: (body: EditBody) => client.editDbConnection({ params, body }),
      onSuccess: replace,
      onSettled: settle,
    }),
    disable: useMutation({
      mutationFn: (reason: string) => client.disableDbConnection({ params, body: { reason } }),
      onSuccess: replace,
      onSettled: settle,
    }),
    enable: useMutation({ mutationFn: () => client.enableDbConnection({ params }), onSuccess: replace, onSettled: settle }),
    readAgain: useMutation({ mutationFn: () => client.startIngestion({ params }), onSettled: settle }),
    cancelRun: useMutation({ mutationFn: (runId: string) => client.cancelIngestion(run(runId)), onSettled: settle }),
    acceptRun: useMutation({ mutationFn: (runId: string) => client.acceptIngestion(run(runId)), onSettled: settle }),
    remove: useMutation({
      mutationFn: (confirmName: string) => client.deleteDbConnection({ params, body: { confirmName } }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['connections'] }),
    }),
  };
}
