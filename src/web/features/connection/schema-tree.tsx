import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, Eye, type LucideIcon, Network, Table2, TableProperties } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { TableKind, TableSummary } from '../../../contract/catalog.ts';
import { classes } from '../../ui/classes.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count } from '../../ui/when.tsx';
import { nameOf } from './table-name.ts';

const kinds: Record<TableKind, { sign: LucideIcon; word: string }> = {
  table: { sign: Table2, word: 'table' },
  partitioned_table: { sign: TableProperties, word: 'partitioned table' },
  view: { sign: Eye, word: 'view' },
  materialized_view: { sign: Eye, word: 'materialised view' },
  foreign_table: { sign: Network, word: 'foreign table' },
};

type Row =
  | { readonly schema: string; readonly tables: number; readonly open: boolean }
  | { readonly table: TableSummary; readonly place: number; readonly of: number };

function rowsOf(tables: readonly TableSummary[], closed: ReadonlySet<string>): Row[] {
  const bySchema = Map.groupBy(tables, ({ schema }) => schema);
  return [...bySchema].flatMap(([schema, members]): Row[] => {
    const open = !closed.has(schema);
    const head: Row = { schema, tables: members.length, open };
    return open ? [head, ...members.map((table, at) => ({ table, place: at + 1, of: members.length }))] : [head];
  });
}

const rowHeight = 32;

interface Props {
  tables: readonly TableSummary[];
  /** The chosen table, as in the address. */
  chosen: string | undefined;
  onChoose: (table: TableSummary) => void;
}

/** The tables under their schemas. Arrows, Home, End and Enter work as in any tree; only what is seen is drawn. */
export function SchemaTree({ tables, chosen, onChoose }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(tables, closed), [tables, closed]);
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 });
  const at = Math.min(active, rows.length - 1);
  // Where a link chose the table, the tree follows; what is scrolled or folded afterwards stays.
  const place = rows.findIndex((row) => 'table' in row && nameOf(row.table) === chosen);
  const followed = useRef<string>(undefined);
  useEffect(() => {
    if (place < 0 || followed.current === chosen) return;
    followed.current = chosen;
    setActive(place);
    virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, chosen, virtual]);

  const toggle = (schema: string, open: boolean) =>
    setClosed((before) => new Set(open ? [...before].filter((one) => one !== schema) : [...before, schema]));
  const go = (to: number) => {
    const row = Math.max(0, Math.min(rows.length - 1, to));
    setActive(row);
    virtual.scrollToIndex(row);
  };
  const press = (row: Row | undefined) => {
    if (!row) return;
    if ('table' in row) onChoose(row.table);
    else toggle(row.schema, !row.open);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    const head = row && 'table' in row ? rows.findLastIndex((one, index) => index < at && 'schema' in one) : at;
    const keys = new Map([
      ['ArrowDown', () => go(at + 1)],
      ['ArrowUp', () => go(at - 1)],
      ['Home', () => go(0)],
      ['End', () => go(rows.length - 1)],
      ['PageDown', () => go(at + 12)],
      ['PageUp', () => go(at - 12)],
      ['ArrowRight', () => row && 'schema' in row && (row.open ? go(at + 1) : toggle(row.schema, true))],
      ['ArrowLeft', () => (row && 'schema' in row ? toggle(row.schema, false) : go(head))],
      ['Enter', () => press(row)],
      [' ', () => press(row)],
    ]);
    const act = keys.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      ref={box}
      role="tree"
      aria-label="Tables by schema"
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? `tree-row-${at}` : undefined}
      onKeyDown={onKeyDown}
      className="group card max-h-[min(70dvh,720px)] overflow-y-auto focus-visible:outline-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const name = 'table' in row ? nameOf(row.table) : null;
          const Sign = 'table' in row ? kinds[row.table.kind].sign : ChevronRight;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys, for the row that is active
            <div
              key={name ?? `schema ${'schema' in row ? row.schema : ''}`}
              id={`tree-row-${index}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={'table' in row ? 2 : 1}
              aria-expanded={'schema' in row ? row.open : undefined}
              aria-selected={name !== null && name === chosen}
              {...('table' in row ? { 'aria-posinset': row.place, 'aria-setsize': row.of } : {})}
              onClick={() => {
                setActive(index);
                press(row);
              }}
              className={classes(
                'absolute inset-x-0 flex h-8 cursor-pointer items-center gap-2 pr-3 select-none hover:bg-hover',
                'table' in row ? 'pl-7' : 'bg-sunken pl-2 font-medium',
                name !== null && name === chosen && 'bg-accent-soft text-accent',
                index === at && 'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-accent',
              )}
              style={{ top: start }}
            >
              <Sign aria-hidden className={classes('size-4 shrink-0 text-muted', 'schema' in row && row.open && 'rotate-90')} />
              <span className="min-w-0 flex-1 truncate font-mono text-xs">
                <Untrusted text={'table' in row ? row.table.name : row.schema} />
              </span>
              {'table' in row && <span className="sr-only">{kinds[row.table.kind].word},</span>}
              <span className="shrink-0 text-xs text-muted">
                {'table' in row ? (
                  <>
                    {count(row.table.columns)}
                    <span className="sr-only"> columns</span>
                  </>
                ) : (
                  <>
                    {count(row.tables)}
                    <span className="sr-only"> tables</span>
                  </>
                )}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
