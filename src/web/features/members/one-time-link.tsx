import type { OneTimeLink } from '../../../contract/identity.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { When } from '../../ui/when.tsx';

/** A link that works once, shown once: to be handed on by a way that others do not read. */
export function OneTimeLinkCard({ link, who }: { link: OneTimeLink; who: string }) {
  return (
    <div className="space-y-3">
      <p>
        Send this link to {who} by a way that others do not read. It works once, and ends <When at={link.expiresAt} />. It is not shown
        again.
      </p>
      <div className="flex items-center gap-2 rounded-md border bg-sunken p-2 pl-3">
        <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{link.url}</code>
        <CopyButton text={link.url} what="Copy link" look="primary" />
      </div>
    </div>
  );
}
