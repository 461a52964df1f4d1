/** How far something is. Without a total it only shows that it goes on. */
export function Progress({ done, total, label }: { done: number; total: number | null; label: string }) {
  const share = total && done > 0 ? Math.min(1, done / total) : null;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={share === null || !total ? undefined : Math.min(done, total)}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div
        className={
          share === null ? 'passing h-full rounded-full bg-accent' : 'h-full rounded-full bg-accent transition-[width] duration-500'
        }
        style={share === null ? {} : { width: `${share * 100}%` }}
      />
    </div>
  );
}
