import { CircleAlert, RotateCw, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError, UnreachableError } from '../../contract/client.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { CopyButton } from './copy-button.tsx';

/** An error in words: what, why and what to do, with the id that finds it in the log. */
export function explain(error: unknown): { title: string; detail: string; requestId: string | null; code: string | null } {
  if (error instanceof ProblemError) {
    const { title, detail, hint, requestId, code } = error.problem;
    return { title, detail: [detail, hint].filter(Boolean).join(' '), requestId: requestId || null, code };
  }
  if (error instanceof UnreachableError) {
    return {
      title: 'Portcullis does not answer',
      detail: 'The server is stopped, or the network between you and it is gone. What you see may be old; it is asked again by itself.',
      requestId: null,
      code: null,
    };
  }
  return { title: 'This page failed', detail: 'Reload it. If it fails again, tell whoever runs Portcullis.', requestId: null, code: null };
}

/** What failed and what can be done about it. */
export function ErrorPanel({ error, retry, children }: { error: unknown; retry?: (() => void) | undefined; children?: ReactNode }) {
  const { title, detail, requestId, code } = explain(error);
  const Sign = error instanceof UnreachableError ? WifiOff : CircleAlert;
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-danger bg-danger-soft p-4">
      <Sign aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {detail && detail !== title && <p className="mt-0.5 max-w-prose break-words">{detail}</p>}
        {children}
        {(retry || requestId) && (
          <div className={classes('mt-3 flex flex-wrap items-center gap-2', !retry && '-ml-2.5')}>
            {retry && (
              <Button size="small" icon={<RotateCw aria-hidden className="size-3.5" />} onClick={retry}>
                Try again
              </Button>
            )}
            {requestId && <CopyButton what="Copy request id" text={`${code ?? ''} ${requestId}`.trim()} look="quiet" />}
            {requestId && <code className="font-mono text-xs break-all text-muted">{requestId}</code>}
          </div>
        )}
      </div>
    </div>
  );
}
