import type { ReactNode } from 'react';

/** Nothing is here yet: what would be, and the one thing to do. */
export function EmptyState({
  heading: Heading = 'h2',
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  heading?: 'h1' | 'h2';
}) {
  return (
    <div className="card flex flex-col items-center px-6 py-14 text-center">
      <span className="mb-4 grid size-12 place-items-center rounded-lg border bg-sunken text-muted [&>svg]:size-6">{icon}</span>
      <Heading className="text-md font-semibold">{title}</Heading>
      <div className="mt-1 max-w-[52ch] text-muted">{children}</div>
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
