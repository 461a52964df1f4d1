import { FileDown, Scissors } from 'lucide-react';
import type { QueryResult } from '../../../contract/query.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { count, counted, sayDuration } from '../../ui/when.tsx';
import { EntryLink } from './entry-link.tsx';
import { sayBytes } from './say-bytes.ts';
import { download, writeCsv } from './write-csv.ts';

/** Which limit cut the answer, in words. */
function limitOf({ limit, columns, rowCount, bytes }: QueryResult): string {
  if (limit === 'rows') return `Cut at ${counted(rowCount, 'row')}: there are more. Raise the limit, or narrow the statement.`;
  if (limit === 'bytes') return `Cut at ${sayBytes(bytes)}: there are more rows. Ask for fewer columns or shorter values.`;
  return `Cut at ${counted(rowCount * columns.length, 'value')}: there are more rows. Ask for fewer columns.`;
}

/** How much came, how long it took, what cut it, and under which number it is on record. */
export function ResultHead({ result, name }: { result: QueryResult; name: string }) {
  const { columns, rows, rowCount, bytes, elapsedMs, truncated, entryId } = result;
  const save = () =>
    download(`${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${entryId.slice(-8)}.csv`, writeCsv(columns, rows), 'text/csv;charset=utf-8');
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="font-semibold">
          {counted(rowCount, 'row')}
          {truncated && <span className="sr-only">, cut short</span>}
        </p>
        <p className="text-muted">
          {counted(columns.length, 'column')} · {sayBytes(bytes)} · {sayDuration(elapsedMs)}
        </p>
        <EntryLink id={entryId} />
        {rows.length > 0 && (
          <Button size="small" className="ml-auto" icon={<FileDown aria-hidden className="size-3.5" />} onClick={save}>
            CSV of {count(rows.length)}
          </Button>
        )}
      </div>
      {truncated && (
        <Badge tone="warn" icon={<Scissors aria-hidden />} title={limitOf(result)}>
          {limitOf(result)}
        </Badge>
      )}
    </div>
  );
}
