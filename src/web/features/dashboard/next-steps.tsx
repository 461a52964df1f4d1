import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { ArrowRight, Circle, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { ask } from '../../api.ts';
import { classes } from '../../ui/classes.ts';
import { SampleButton } from '../databases/sample-button.tsx';
import { isSearchable } from '../databases/words.tsx';
import { useMe } from '../shell/me.ts';

interface Step {
  readonly title: string;
  readonly says: string;
  readonly done: boolean;
  readonly link: Pick<LinkProps, 'to' | 'search'>;
  /** Another way of doing it, that can be pressed by itself. */
  readonly extra?: ReactNode;
}

/** The first steps of someone new, until all are done; nothing afterwards. */
export function NextSteps({ connections }: { connections: readonly Connection[] }) {
  const me = useMe();
  const members = useQuery({ ...ask.members, enabled: me.can('member:manage') });
  const steps: Step[] = [];
  if (me.can('connection:create')) {
    steps.push({
      title: 'Add a database',
      says: 'Tested step by step before anything is kept.',
      done: connections.length > 0,
      link: { to: '/databases', search: { add: true } },
      extra: connections.length === 0 && <SampleButton />,
    });
  }
  steps.push({
    title: 'See its schema read',
    says: 'Tables, columns, keys and comments become searchable.',
    done: connections.some(isSearchable),
    link: { to: '/databases' },
  });
  if (me.can('member:manage')) {
    steps.push({
      title: 'Invite the people who will ask',
      says: 'By a link that works once, as Admin, Manager or User.',
      done: (members.data?.length ?? 0) > 1,
      link: { to: '/members' },
    });
  }
  if (members.isLoading || steps.every(({ done }) => done)) return null;
  if (steps.length === 1) {
    return (
      <p className="card p-5 text-muted">Nobody has shared a database with you yet. Ask a Manager or an Admin of {me.organization.name}.</p>
    );
  }
  const next = steps.findIndex(({ done }) => !done);
  return (
    <section aria-labelledby="next">
      <h2 id="next" className="mb-2 font-semibold">
        Next steps
      </h2>
      <ol className="card divide-y">
        {steps.map(({ title, says, done, link, extra }, at) => (
          <li key={title} className="relative flex flex-wrap items-center gap-3 p-4">
            {done ? (
              <CircleCheck role="img" aria-label="done" className="size-5 shrink-0 text-ok" />
            ) : (
              <Circle aria-hidden className={classes('size-5 shrink-0', at === next ? 'text-accent' : 'text-line-strong')} />
            )}
            <div className="min-w-0 flex-1 basis-56">
              <h3 className={classes('font-medium', done && 'text-muted')}>
                {done ? (
                  title
                ) : (
                  <Link
                    {...link}
                    className={classes('rounded-sm after:absolute after:inset-0 after:rounded-lg', at === next && 'text-accent')}
                  >
                    {title}
                  </Link>
                )}
              </h3>
              <p className="text-muted">{says}</p>
            </div>
            {extra && <span className="relative">{extra}</span>}
            {!done && <ArrowRight aria-hidden className={classes('size-4 shrink-0', at === next ? 'text-accent' : 'text-muted')} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
