import { classes } from './classes.ts';

/** The shape of what comes, while it comes. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={classes('skeleton', className)} />;
}

/** Lines of a list that is loading, announced once. */
export function SkeletonRows({ rows = 4, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="card divide-y">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex items-center gap-4 p-4">
          <Skeleton className="size-8" />
          <Skeleton className="h-4 w-40 max-w-[40%]" />
          <Skeleton className="ml-auto h-4 w-24 max-w-[25%]" />
        </div>
      ))}
    </div>
  );
}
