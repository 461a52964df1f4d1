import type { ReactNode } from 'react';
import { Gate } from '../../ui/mark.tsx';
import { useTitle } from '../../ui/page-head.tsx';

/** What stands around the doors: the sign, a heading, one form. */
export function EntranceFrame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[420px] flex-col px-5 py-10 sm:justify-center">
      <div className="mb-8 flex items-center gap-2.5">
        <Gate className="size-8" />
        <span className="text-md font-semibold tracking-tight">Portcullis</span>
      </div>
      <h1 className="text-lg font-semibold">{title}</h1>
      <p className="mt-1 mb-6 text-muted">{lead}</p>
      {children}
    </main>
  );
}
