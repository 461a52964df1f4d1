import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ApiKey } from '../../../contract/identity.ts';
import { ask, client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { ErrorPanel, explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { useMe } from '../shell/me.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';

function Row({ apiKey, mine, onRevoke }: { apiKey: ApiKey; mine: boolean; onRevoke: () => void }) {
  const expired = Date.parse(apiKey.expiresAt) < useNow(60_000);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <p>
          <span className="font-medium break-words">{apiKey.name}</span>{' '}
          <code className="font-mono text-xs text-muted">{apiKey.prefix}…</code>
        </p>
        <p className="text-xs text-muted">
          {apiKey.scopes.join(', ')}
          {!mine && ` · of ${apiKey.owner.name}`}
        </p>
        <p className="text-xs text-muted">
          {expired ? <span className="text-warn">Expired</span> : 'Expires'} <When at={apiKey.expiresAt} /> ·{' '}
          {apiKey.lastUsedAt ? (
            <>
              used <When at={apiKey.lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </p>
      </div>
      <Button size="small" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
        Revoke…
      </Button>
    </li>
  );
}

/** The API keys: made, shown once, revoked. Admins see everyone's. */
export function ApiKeys() {
  const me = useMe();
  const { data, error, refetch } = useQuery(ask.apiKeys);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => client.revokeApiKey({ params: { id } }),
    onSuccess: () => notify('The key is revoked.'),
    onError: (cause) => notify(explain(cause).detail, 'danger'),
    onSettled: () => {
      setEnding(null);
      void queryClient.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  return (
    <div className="space-y-3">
      {error && <ErrorPanel error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton className="h-24" />}
      {data &&
        (data.length === 0 ? (
          <p className="card p-4 text-muted">No key yet.</p>
        ) : (
          <ul className="card divide-y">
            {data.map((apiKey) => (
              <Row key={apiKey.id} apiKey={apiKey} mine={apiKey.owner.id === me.user.id} onRevoke={() => setEnding(apiKey)} />
            ))}
          </ul>
        ))}
      <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setMaking(true)}>
        New API key
      </Button>
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
      <Confirm
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={`Revoke ${ending?.name ?? ''}?`}
        action="Revoke"
        busy={revoke.isPending}
        onConfirm={() => ending && revoke.mutate(ending.id)}
      >
        What uses it stops working at once.
      </Confirm>
    </div>
  );
}
