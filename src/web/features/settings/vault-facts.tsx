import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { count, When } from '../../ui/when.tsx';

/** Which key seals the secrets, where it comes from, and how many there are; never a secret. */
export function VaultFacts() {
  const { data, error, refetch } = useQuery(ask.vault);
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-28" />;
  const facts = [
    ['Key provider', data.provider],
    ['Master key', data.keyId],
    ['Comes from', data.source],
    ['Sealed secrets', count(data.secrets)],
    ['Oldest secret', data.oldestSecretAt ? <When key="when" at={data.oldestSecretAt} /> : 'none'],
  ] as const;
  return (
    <dl className="card grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 p-4">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
