import { useCallback, useEffect, useRef, useState } from 'react';
import type { StageResult, TestResult } from '../../../contract/connections.ts';

/** How a test stands: its stages as they end, then its result, or what kept it from one. */
export interface TestState<T> {
  readonly phase: 'idle' | 'running' | 'cancelled' | 'refused' | 'done';
  readonly stages: readonly StageResult[];
  readonly result: TestResult | null;
  readonly error: unknown;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What was tested. */
  readonly tested: T | null;
}

const idle = { phase: 'idle', stages: [], result: null, error: null, startedAt: 0, endedAt: 0, tested: null } as const;

type Send = (options: { signal: AbortSignal; onEvent: (stage: StageResult) => void }) => Promise<TestResult>;

/** Runs a staged test and follows it live. Cancelling, or leaving, ends it on the server too. */
export function useConnectionTest<T>() {
  const [state, setState] = useState<TestState<T>>(idle);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(async (tested: T, send: Send): Promise<TestResult | null> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ ...idle, phase: 'running', startedAt: Date.now(), tested });
    try {
      const onEvent = (stage: StageResult) =>
        setState((now) =>
          running.current === controller ? { ...now, stages: [...now.stages.filter((one) => one.stage !== stage.stage), stage] } : now,
        );
      const result = await send({ signal: controller.signal, onEvent });
      if (running.current !== controller) return null;
      setState((now) => ({ ...now, phase: 'done', stages: result.stages, result, endedAt: Date.now() }));
      return result;
    } catch (error) {
      if (running.current !== controller) return null;
      setState((now) => ({
        ...now,
        phase: controller.signal.aborted ? 'cancelled' : 'refused',
        error: controller.signal.aborted ? null : error,
        endedAt: Date.now(),
      }));
      return null;
    }
  }, []);

  const cancel = useCallback(() => running.current?.abort(), []);
  const forget = useCallback(() => setState(idle), []);
  return { state, run, cancel, forget };
}
