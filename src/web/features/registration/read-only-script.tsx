import { ChevronRight } from 'lucide-react';
import type { EngineDescription } from '../../../contract/engines.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** How to get a login that can only read, for those who have none yet. */
export function ReadOnlyScript({ engine }: { engine: EngineDescription }) {
  if (!engine.loginScript) return <p className="mt-3 text-xs text-muted">The test shows the SQL that makes a login which can only read.</p>;
  return (
    <details className="group mt-3">
      <summary className="flex list-none items-center gap-1 rounded-sm font-medium text-accent">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        Show me the SQL to create one
      </summary>
      <div className="mt-2">
        <CodeBlock text={engine.loginScript} label="To be run by whoever runs the database" copy="Copy script" />
      </div>
    </details>
  );
}
