import { Check, Minus } from 'lucide-react';
import type { EngineDescription } from '../../../contract/engines.ts';

/** What holds of a kind of database and what does not, each with its reason. */
export function EngineTraits({ engine }: { engine: EngineDescription }) {
  return (
    <ul aria-label={`What to know of ${engine.label}`} className="divide-y">
      {engine.traits.map(({ name, holds, reason }) => (
        <li key={name} className="flex items-start gap-2.5 py-2.5 first:pt-0 last:pb-0">
          {holds ? (
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          ) : (
            <Minus aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          )}
          <div className="min-w-0">
            <p className="font-medium">
              {name}
              <span className="ml-2 text-xs font-normal text-muted">{holds ? 'yes' : 'no'}</span>
            </p>
            <p className="max-w-[72ch] text-muted">{reason}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
