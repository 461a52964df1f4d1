import { Play, ShieldCheck, Square } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { count, sayDuration, useNow } from '../../ui/when.tsx';
import type { QuerySession } from './query-session.ts';

function Elapsed({ since }: { since: number }) {
  const now = useNow(100);
  return <span aria-hidden>{sayDuration(Math.max(0, now - since))}</span>;
}

const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How many rows may be asked for; the most that the connection allows comes last. */
const usual = [100, 1_000];

interface Props {
  busy: QuerySession['busy'];
  maxRows: number;
  /** Rows that the connection allows at the most. */
  mostRows: number;
  empty: boolean;
  onRun: () => void;
  onCheck: () => void;
  onCancel: () => void;
  onMaxRows: (rows: number) => void;
}

/** What can be done with the statement; while it is done, for how long already, and the way to stop it. */
export function RunBar({ busy, maxRows, mostRows, empty, onRun, onCheck, onCancel, onMaxRows }: Props) {
  const id = useId();
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-2">
      {busy ? (
        <>
          <Button icon={<Square aria-hidden className="size-3.5" />} onClick={onCancel}>
            Cancel
          </Button>
          <span className="inline-flex items-center gap-2 text-muted">
            <Spinner />
            <span role="status">{busy.what === 'run' ? 'Running' : 'Checking'}</span>
            <Elapsed since={busy.since} />
          </span>
        </>
      ) : (
        <>
          <Button look="primary" icon={<Play aria-hidden className="size-4" />} disabled={empty} onClick={onRun}>
            Run
          </Button>
          <Button icon={<ShieldCheck aria-hidden className="size-4" />} disabled={empty} onClick={onCheck}>
            Check
          </Button>
          <span className="hidden text-xs text-muted md:inline">
            <kbd className="font-sans">{onMac ? '⌘ Enter' : 'Ctrl Enter'}</kbd> runs it. Check gives the verdict alone.
          </span>
        </>
      )}
      <span className="ml-auto inline-flex items-center gap-2">
        <label htmlFor={id} className="text-xs text-muted">
          At most
        </label>
        <Select id={id} className="w-34" value={Math.min(maxRows, mostRows)} onChange={(event) => onMaxRows(Number(event.target.value))}>
          {[...usual.filter((rows) => rows < mostRows), mostRows].map((rows) => (
            <option key={rows} value={rows}>
              {count(rows)} rows
            </option>
          ))}
        </Select>
      </span>
    </div>
  );
}
