import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count } from '../../ui/when.tsx';
import { type Cell, type ResultColumn, textOf } from './cell-text.ts';
import { writeCsv } from './write-csv.ts';

/** Shown of one value at the most; copying takes it whole. */
const SHOWN = 5_000;

interface Props {
  column: ResultColumn;
  columns: readonly ResultColumn[];
  row: readonly Cell[];
  value: Cell;
  number: number;
}

/** The chosen cell as a whole: what does not fit into the grid is read here, and copied from here. */
export function CellDetail({ column, columns, row, value, number }: Props) {
  const text = textOf(value);
  return (
    <section aria-label="The chosen cell" className="border-t bg-sunken px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 truncate text-xs text-muted">
          Row {count(number)} · <Untrusted text={column.name} /> · <Untrusted text={column.type} />
        </p>
        <div className="flex gap-1">
          <CopyButton text={text ?? ''} what="Copy cell" look="quiet" />
          <CopyButton text={writeCsv(columns, [row])} what="Copy row" look="quiet" />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label="Its value" className="max-h-40 overflow-auto rounded-sm">
        {text === null && <span className="text-muted italic">NULL: no value</span>}
        {text === '' && <span className="text-muted italic">Empty text</span>}
        {text !== null && text !== '' && (
          <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
            <Untrusted text={text.slice(0, SHOWN)} />
            {text.length > SHOWN && <span className="text-muted"> … {count(text.length - SHOWN)} more characters</span>}
          </pre>
        )}
      </section>
    </section>
  );
}
