import { type ReactNode, useId } from 'react';

/** A step of the form under its heading. */
export function FormSection({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t pt-5 first:border-t-0 first:pt-0">
      <h3 id={id} className="text-md font-semibold">
        {title}
      </h3>
      {lead && <p className="mt-0.5 max-w-[64ch] text-muted">{lead}</p>}
      <div className="mt-3.5">{children}</div>
    </section>
  );
}
