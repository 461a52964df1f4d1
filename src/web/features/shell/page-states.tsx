import { Link, useRouter } from '@tanstack/react-router';
import { Compass, Lock } from 'lucide-react';
import { buttonLook } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useTitle } from '../../ui/page-head.tsx';

/** Nothing is at this address. */
export function NotFoundPage() {
  useTitle('Not found');
  return (
    <main className="mx-auto max-w-xl p-6 pt-24">
      <EmptyState
        icon={<Compass />}
        heading="h1"
        title="There is nothing at this address"
        action={
          <Link to="/" className={buttonLook('primary')}>
            To the dashboard
          </Link>
        }
      >
        The link may be old, or what it led to was deleted or is not shared with you.
      </EmptyState>
    </main>
  );
}

/** The page itself failed. */
export function PageError({ error }: { error: unknown }) {
  const router = useRouter();
  useTitle('Something failed');
  return (
    <main className="mx-auto max-w-xl p-6 pt-24">
      <ErrorPanel error={error} retry={() => void router.invalidate()} />
    </main>
  );
}

/** My role does not allow this page. */
export function Denied({ what, who }: { what: string; who: string }) {
  return (
    <EmptyState icon={<Lock />} title={`Your role does not show ${what}`}>
      {who}
    </EmptyState>
  );
}
