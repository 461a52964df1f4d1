import { CopyButton } from './copy-button.tsx';

/** A text for a machine, to read and to copy whole. */
export function CodeBlock({ text, label, copy = 'Copy' }: { text: string; label: string; copy?: string }) {
  return (
    <div className="overflow-hidden rounded-md border bg-sunken">
      <div className="flex items-center justify-between gap-2 border-b py-1 pr-1 pl-3">
        <span className="truncate text-xs text-muted">{label}</span>
        <CopyButton text={text} what={copy} look="quiet" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-72 overflow-auto p-3">
        <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
      </section>
    </div>
  );
}
