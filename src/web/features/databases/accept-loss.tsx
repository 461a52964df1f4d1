import type { Connection } from '../../../contract/connections.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count } from '../../ui/when.tsx';
import { useConnectionActions } from './use-db-connections-store.ts';

interface Props {
  connection: Connection;
  runId: string;
  held: NonNullable<NonNullable<Connection['ingestion']>['held']>;
  onClose: () => void;
}

/** Asks before many tables leave schema and search, and lists them. */
export function AcceptLoss({ connection, runId, held, onClose }: Props) {
  const { acceptRun } = useConnectionActions(connection.id);
  const accept = () => acceptRun.mutate(runId, { onError: (error) => notify(explain(error).detail, 'danger'), onSuccess: onClose });
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Accept that ${count(held.before - held.after)} tables are gone?`}
      action="Accept the loss"
      busy={acceptRun.isPending}
      onConfirm={accept}
    >
      <p>They leave the schema and the search of {connection.name}. If only a grant was lost, mend the grant and read again instead.</p>
      <ul className="mt-3 max-h-40 overflow-y-auto rounded-md border p-2 font-mono text-xs">
        {held.vanished.slice(0, 200).map((table) => (
          <li key={table}>
            <Untrusted text={table} />
          </li>
        ))}
      </ul>
    </Confirm>
  );
}
