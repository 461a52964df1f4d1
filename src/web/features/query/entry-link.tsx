import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useMe } from '../shell/me.ts';

/** Under which number something is on record: for those who may see the record, the way there. */
export function EntryLink({ id }: { id: string }) {
  const mayAudit = useMe().can('audit:read');
  return (
    <span className="inline-flex min-w-0 items-center gap-1 text-xs text-muted">
      <span>Entry</span>
      {mayAudit ? (
        <Link to="/audit" search={{ entry: id }} className="link font-mono break-all">
          {id}
        </Link>
      ) : (
        <>
          <code className="font-mono break-all">{id}</code>
          <CopyButton text={id} what="Copy" look="quiet" />
        </>
      )}
    </span>
  );
}
