/** The gate: the sign of Portcullis. */
export function Gate({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <g className="fill-none stroke-on-accent" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10 7v16l-1.6 2.4M16 7v18l0 1.6M22 7v16l1.6 2.4" />
        <path d="M7 11.5h18M7 18h18" />
      </g>
    </svg>
  );
}
