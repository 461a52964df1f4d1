import { ChevronRight, ShieldAlert, ShieldCheck, Siren } from 'lucide-react';
import type { Privileges } from '../../../contract/connections.ts';
import { classes } from '../../ui/classes.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const looks = {
  read_only: { Sign: ShieldCheck, tone: 'text-ok' },
  writes: { Sign: ShieldAlert, tone: 'text-warn' },
  severe: { Sign: Siren, tone: 'text-danger' },
} as const;

/** What this credential can do: that it cannot write, or the exact excess, which grant causes it, and the script that mends it. */
export function PrivilegeCard({ privileges }: { privileges: Privileges }) {
  const { Sign, tone } = looks[privileges.grade];
  return (
    <section aria-label="What this credential can do" className="rounded-lg border bg-surface p-4">
      <h3 className="flex items-start gap-2.5 font-semibold">
        <Sign aria-hidden className={classes('mt-px size-[18px] shrink-0', tone)} />
        {privileges.summary}
      </h3>
      {privileges.excess.length > 0 && (
        <>
          <p className="mt-1 text-muted">
            Portcullis uses it read-only all the same; what it could do is marked on the card and on record.
          </p>
          <ul className="mt-3 space-y-2">
            {privileges.excess.map(({ what, cause, severe }) => (
              <li key={`${what} ${cause}`} className={classes('border-l-2 pl-3', severe ? 'border-danger' : 'border-warn')}>
                <span className="font-medium">
                  <Untrusted text={what} />
                </span>
                {severe && <span className="ml-2 text-xs font-medium text-danger">severe</span>}
                <span className="block text-xs break-words text-muted">
                  Cause: <Untrusted text={cause} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <details className="group mt-3">
        <summary className="flex list-none items-center gap-1 rounded-sm font-medium text-accent">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          {privileges.excess.length > 0 ? 'The SQL that makes a login which can only read' : 'How to make such a login'}
        </summary>
        <div className="mt-2">
          <CodeBlock text={privileges.script} label="To be run by whoever runs the database" copy="Copy script" />
        </div>
      </details>
      {privileges.proof.length > 0 && (
        <details className="group mt-2">
          <summary className="flex list-none items-center gap-1 rounded-sm font-medium text-accent">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            How this was found out
          </summary>
          <ul className="mt-1 list-disc space-y-0.5 pl-8 text-xs text-muted">
            {privileges.proof.map((line) => (
              <li key={line} className="break-words">
                <Untrusted text={line} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
