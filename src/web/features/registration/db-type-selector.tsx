import { ChevronRight } from 'lucide-react';
import type { EngineDescription, EngineId } from '../../../contract/engines.ts';
import { Button } from '../../ui/button.tsx';
import { EngineMark } from '../databases/engine-mark.tsx';
import { EngineTraits } from '../engines/engine-traits.tsx';

interface Props {
  engines: readonly EngineDescription[];
  chosen: EngineDescription | null;
  onChoose: (engine: EngineId) => void;
  /** Absent where it cannot be changed any more. */
  onChange?: (() => void) | undefined;
}

/** The kinds of database as cards; once one is chosen, one line with a way back. */
export function DbTypeSelector({ engines, chosen, onChoose, onChange }: Props) {
  if (chosen) {
    return (
      <div className="rounded-lg border bg-surface">
        <div className="flex items-center gap-3 p-2.5 pl-3">
          <EngineMark dbType={chosen.id} />
          <p className="min-w-0 flex-1">
            <span className="block font-medium">{chosen.label}</span>
            {chosen.alsoFits.length > 0 && <span className="block truncate text-xs text-muted">also {chosen.alsoFits.join(', ')}</span>}
          </p>
          {onChange && (
            <Button size="small" onClick={onChange} aria-label={`Change the kind of database from ${chosen.label}`}>
              Change
            </Button>
          )}
        </div>
        <details className="group border-t px-3 py-2">
          <summary className="flex list-none items-center gap-1 rounded-sm text-xs font-medium text-accent">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            What to know of {chosen.label}
          </summary>
          <div className="mt-2 pb-1 text-xs">
            <EngineTraits engine={chosen} />
          </div>
        </details>
      </div>
    );
  }
  return (
    <ul className="grid gap-3 sm:grid-cols-2" aria-label="Kinds of database">
      {engines.map((engine) => (
        <li key={engine.id}>
          <button
            type="button"
            onClick={() => onChoose(engine.id)}
            className="flex h-full w-full items-start gap-3 rounded-lg border border-line-strong bg-surface p-4 text-left transition-colors hover:border-accent hover:bg-accent-soft"
          >
            <EngineMark dbType={engine.id} size="large" />
            <span className="min-w-0">
              <span className="block font-semibold">{engine.label}</span>
              {engine.alsoFits.length > 0 && <span className="mt-0.5 block text-xs text-muted">also {engine.alsoFits.join(', ')}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
