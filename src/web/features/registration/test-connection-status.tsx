import { Ban, Check, Circle, CircleDashed, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Certificate, HostKey } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { sayDuration, useNow } from '../../ui/when.tsx';
import { FaultExplanation } from './fault-explanation.tsx';
import { type StageLine, stageLines, stageWords } from './stage-words.ts';
import type { TestState } from './use-connection-test.ts';

const signs: Record<StageLine['state'], { sign: ReactNode; word: string; look: string }> = {
  passed: { sign: <Check aria-hidden className="size-4 text-ok" />, word: 'passed', look: '' },
  warning: { sign: <TriangleAlert aria-hidden className="size-4 text-warn" />, word: 'passed with a warning', look: '' },
  failed: { sign: <X aria-hidden className="size-4 text-danger" />, word: 'failed', look: 'font-medium text-danger' },
  skipped: { sign: <Ban aria-hidden className="size-4 text-muted" />, word: 'not needed', look: 'text-muted' },
  running: { sign: <Spinner className="text-accent" />, word: 'under way', look: 'font-medium' },
  waiting: { sign: <Circle aria-hidden className="size-4 text-line-strong" />, word: 'to come', look: 'text-muted' },
  not_reached: { sign: <CircleDashed aria-hidden className="size-4 text-line-strong" />, word: 'not reached', look: 'text-muted' },
};

function Line({ line, running, children }: { line: StageLine; running: ReactNode; children?: ReactNode }) {
  const { sign, word, look } = signs[line.state];
  return (
    <li className="py-1">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 shrink-0">{sign}</span>
        <div className="min-w-0 flex-1">
          <span className={look}>{stageWords[line.stage]}</span>
          <span className="sr-only">: {word}</span>
          {line.result?.evidence && line.state !== 'failed' && (
            <p className="text-xs break-words text-muted">
              <Untrusted text={line.result.evidence} />
            </p>
          )}
        </div>
        <span className="shrink-0 text-xs text-muted">
          {line.state === 'running' ? running : line.result ? sayDuration(line.result.ms) : null}
        </span>
      </div>
      {children}
    </li>
  );
}

function Elapsed({ since }: { since: number }) {
  return <>{sayDuration(Math.max(0, useNow(500) - since))}</>;
}

/** What is said aloud while the test goes on: its end, or what failed. */
function spoken<T>({ phase, stages, result }: TestState<T>): string {
  if (phase === 'running') return stages.length === 0 ? 'Testing the connection.' : '';
  if (phase === 'cancelled') return 'The test was cancelled.';
  const failed = stages.find(({ status }) => status === 'failed');
  if (failed) return `The test failed at: ${stageWords[failed.stage]}. ${failed.fault?.happened ?? ''}`;
  return result?.ok ? 'The test has passed.' : '';
}

interface Props<T> {
  test: TestState<T>;
  onCancel: () => void;
  /** Offered where the server showed a certificate that nobody vouches for. */
  onPin?: ((certificate: Certificate) => void) | undefined;
  /** Offered where an SSH server showed a key that nobody has confirmed. */
  onTrust?: ((key: HostKey) => void) | undefined;
  /** Whether it goes through a tunnel. */
  through?: boolean | undefined;
}

/** The test as a live list of its stages, each with mark, name and milliseconds; what failed is explained in its place. */
export function TestConnectionStatus<T>({ test, onCancel, onPin, onTrust, through }: Props<T>) {
  const running = test.phase === 'running';
  return (
    <div>
      <p role="status" aria-live="polite" className="sr-only">
        {spoken(test)}
      </p>
      <ol aria-label="Stages of the test" aria-busy={running}>
        {stageLines(test.stages, running, test.phase !== 'idle', through).map((line) => (
          <Line key={line.stage} line={line} running={<Elapsed since={test.startedAt} />}>
            {line.state === 'failed' && line.result?.fault && (
              <FaultExplanation
                fault={line.result.fault}
                certificate={test.result?.certificate ?? null}
                hostKey={test.result?.hostKey ?? null}
                onPin={onPin}
                onTrust={onTrust}
              />
            )}
          </Line>
        ))}
      </ol>
      {running && (
        <Button className="mt-2" size="small" onClick={onCancel}>
          Cancel the test
        </Button>
      )}
      {test.phase === 'cancelled' && <p className={classes('mt-2 text-muted')}>Cancelled. Nothing was kept.</p>}
      {test.phase === 'refused' && (
        <div className="mt-3">
          <ErrorPanel error={test.error} />
        </div>
      )}
    </div>
  );
}
