import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef } from 'react';
import type { QueryResult } from '../../../contract/query.ts';
import { classes } from '../../ui/classes.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { CellDetail } from './cell-detail.tsx';
import { type Cell, isNumeric, shownOf, textOf, widthsOf } from './cell-text.ts';
import { useGridKeys } from './use-grid-keys.ts';

const ROW = 30;
const HEAD = 46;
/** From so many rows on, only what is seen is drawn. */
const VIRTUAL_FROM = 200;

function Value({ value }: { value: Cell }) {
  const text = textOf(value);
  if (text === null)
    return <span className="rounded-sm border border-dashed border-edge px-1 text-[11px] text-muted italic select-none">NULL</span>;
  return <Untrusted text={shownOf(text)} />;
}

interface RowProps {
  row: readonly Cell[];
  at: number;
  start: number;
  template: string;
  numeric: readonly boolean[];
  /** The chosen column, in the row that holds the chosen cell. */
  chosen: number | null;
  onChoose: (row: number, column: number) => void;
}

const Row = memo(function Row({ row, at, start, template, numeric, chosen, onChoose }: RowProps) {
  return (
    <tr
      aria-rowindex={at + 2}
      style={{ transform: `translateY(${start}px)`, height: ROW, gridTemplateColumns: template }}
      className="absolute top-0 left-0 grid w-full border-b hover:bg-hover"
    >
      <th scope="row" className="sticky left-0 z-10 truncate border-r bg-sunken px-2 text-right leading-[29px] font-normal text-muted">
        {at + 1}
      </th>
      {row.map((value, column) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself takes the keys, for the cell that is chosen
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a result do not move
          key={column}
          id={`cell-${at}-${column}`}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the cells of a grid can be chosen
          role="gridcell"
          tabIndex={-1}
          aria-selected={column === chosen}
          onClick={() => onChoose(at, column)}
          className={classes(
            'truncate border-r px-2 leading-[29px] tabular-nums',
            numeric[column] && 'text-right',
            column === chosen ? 'bg-accent-soft outline-2 -outline-offset-2 outline-accent' : 'outline-none',
          )}
        >
          <Value value={value} />
        </td>
      ))}
    </tr>
  );
});

function Head({ columns, numeric, template }: { columns: QueryResult['columns']; numeric: readonly boolean[]; template: string }) {
  return (
    <tr aria-rowindex={1} className="grid border-b" style={{ height: HEAD, gridTemplateColumns: template }}>
      <th scope="col" className="sticky left-0 z-10 border-r bg-sunken px-2 py-1 text-right font-normal text-muted">
        <span className="sr-only">Row</span>
        <span aria-hidden>#</span>
      </th>
      {columns.map(({ name, type, masked }, at) => (
        <th
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns of a result may have one name
          key={at}
          scope="col"
          title={name}
          className={classes('min-w-0 border-r px-2 py-1 font-normal', numeric[at] ? 'text-right' : 'text-left')}
        >
          <span className="block truncate font-semibold">
            <Untrusted text={name} />
          </span>
          <span className="block truncate text-[11px] text-muted">
            <Untrusted text={masked ? `${type}, masked` : type} />
          </span>
        </th>
      ))}
    </tr>
  );
}

/** How wide the columns are: as their values need, and wider where there is room. */
function layOut(result: QueryResult): { template: string; minWidth: string } {
  const widths = widthsOf(result).map((width) => width + 2);
  const number = String(result.rows.length).length + 3;
  const all = widths.reduce((sum, width) => sum + width, number);
  return { template: `${number}ch ${widths.map((width) => `minmax(${width}ch, 1fr)`).join(' ')}`, minWidth: `max(100%, ${all}ch)` };
}

/** The rows of an answer: the head stays, the keyboard moves, the chosen cell is shown whole below. */
export function ResultGrid({ result, label }: { result: QueryResult; label: string }) {
  const { columns, rows } = result;
  const box = useRef<HTMLTableElement>(null);
  const numeric = useMemo(() => columns.map(({ type }) => isNumeric(type)), [columns]);
  const { template, minWidth } = useMemo(() => layOut(result), [result]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: rows.length < VIRTUAL_FROM ? rows.length : 12,
    scrollPaddingStart: HEAD,
  });
  const { chosen, choose, onKeyDown } = useGridKeys({
    rows: rows.length,
    columns: columns.length,
    textOf: ({ row, column }) => textOf(rows[row]?.[column] ?? null) ?? '',
    show: ({ row, column }) => {
      // A click leaves the focus with the grid, which tells of the chosen cell.
      box.current?.focus({ preventScroll: true });
      virtual.scrollToIndex(row);
      // The row may have to be drawn first.
      requestAnimationFrame(() =>
        document.getElementById(`cell-${row}-${column}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
      );
    },
  });
  const column = chosen && columns[chosen.column];
  const row = chosen && rows[chosen.row];
  return (
    <div className="card overflow-hidden has-[table:focus-visible]:outline-2 has-[table:focus-visible]:outline-accent">
      <table
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are chosen by keys is a grid
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={chosen ? `cell-${chosen.row}-${chosen.column}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        style={{ scrollPaddingTop: HEAD, scrollPaddingLeft: 64 }}
        className="block max-h-[min(62dvh,640px)] overflow-auto font-mono text-xs outline-none"
      >
        <thead className="sticky top-0 z-20 block bg-sunken" style={{ minWidth }}>
          <Head columns={columns} numeric={numeric} template={template} />
        </thead>
        <tbody className="relative block" style={{ height: virtual.getTotalSize(), minWidth }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const cells = rows[index];
            if (!cells) return null;
            const here = chosen?.row === index ? chosen.column : null;
            return (
              <Row key={index} row={cells} at={index} start={start} template={template} numeric={numeric} chosen={here} onChoose={choose} />
            );
          })}
        </tbody>
      </table>
      {chosen && column && row && (
        <CellDetail column={column} columns={columns} row={row} value={row[chosen.column] ?? null} number={chosen.row + 1} />
      )}
    </div>
  );
}
