import { useCallback, useMemo, useRef, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { StageResult, TestResult } from '../../../contract/connections.ts';
import type { EngineDescription, EngineId, ParsedString } from '../../../contract/engines.ts';
import { faults } from '../../../contract/faults.ts';
import { focusField } from '../../ui/field.tsx';
import { useNow } from '../../ui/when.tsx';
import { mistakesIn, mistakesInString } from './check-draft.ts';
import { changedSince, type Draft, draftAfter, draftFor, draftRead, problemsOf, type Tested, touches } from './draft.ts';
import { useConnectionTest } from './use-connection-test.ts';

/** How long the server takes a test for true. */
const receiptLife = 10 * 60_000;
type Errors = ReadonlyMap<string, string>;

function withoutChanged(errors: Errors, before: Draft, change: Partial<Draft>): Errors {
  const touched = touches(before, change);
  return new Map([...errors].filter(([path]) => !touched(path)));
}

const errorsOf = (found: readonly { path: string; message: string }[]): Errors =>
  new Map(found.map(({ path, message }) => [path, message]));

/** What is wrong, with mistakes that are shown as soon as they are typed. */
export const withMistakes = (errors: Errors, found: readonly { path: string; message: string }[]): Errors =>
  new Map([...errors, ...errorsOf(found)]);

/** The state of the form of a connection: what was entered, what is wrong with it, and how its test stands. */
export function useConnectionForm(engines: readonly EngineDescription[], start: Draft) {
  const [draft, setDraft] = useState(start);
  const [errors, setErrors] = useState<Errors>(new Map());
  const { state: test, run, cancel, forget } = useConnectionTest<Tested>();
  const form = useRef<HTMLDivElement>(null);
  const now = useNow(15_000);
  const engine = engines.find(({ id }) => id === draft.dbType) ?? null;

  const patch = useCallback(
    (change: Partial<Draft>) => {
      setErrors((found) => withoutChanged(found, draft, change));
      setDraft(draftAfter(draft, change));
    },
    [draft],
  );
  const choose = (id: EngineId) => {
    const chosen = engines.find((one) => one.id === id);
    if (!chosen) return;
    setDraft(draftFor({ ...draft, mode: 'guided' }, chosen));
    setErrors(new Map());
  };
  /** Takes what was read of a pasted string, of which kind of database it is; null: it is not to be used, and nothing of an earlier one is. */
  const take = (id: EngineId | null, parsed: ParsedString | null) => {
    const chosen = engines.find((one) => one.id === (id ?? draft.dbType));
    if (!chosen) return;
    const taken = parsed ? draftRead(draft, chosen, parsed) : draftFor({ ...draft, mode: 'connection_string' }, chosen);
    setDraft(taken);
    setErrors(errorsOf(mistakesInString(taken)));
  };

  /** Says what is wrong beside the fields, and moves to the first of them. */
  const show = (found: readonly { path: string; message: string }[]) => {
    setErrors(errorsOf(found));
    const [first] = found;
    // The field may only be drawn with its error.
    if (first) requestAnimationFrame(() => form.current && focusField(first.path, form.current));
  };
  const showProblem = (error: unknown): void => {
    if (!(error instanceof ProblemError)) return;
    const { field, detail, code } = error.problem;
    if (code === 'acknowledgement.required') show([{ path: 'acknowledge', message: detail }]);
    else if (field) show([{ path: field, message: detail }]);
  };

  const startTest = async (send: (options: { signal: AbortSignal; onEvent: (stage: StageResult) => void }) => Promise<TestResult>) => {
    setErrors(new Map());
    const result = await run(draft, async (options) => {
      try {
        return await send(options);
      } catch (error) {
        showProblem(error);
        throw error;
      }
    });
    const fault = result?.stages.find(({ status }) => status === 'failed')?.fault;
    const path = fault?.code === 'acknowledgement.required' ? 'acknowledge' : fault?.field;
    if (fault && path) show([{ path, message: faults[fault.code].title }]);
  };
  /** Whether everything that a test needs is there; what is not is shown. */
  const isComplete = (): boolean => {
    const mistakes = engine ? mistakesIn(draft, engine) : [];
    show(mistakes);
    return mistakes.length === 0;
  };

  const changes = useMemo(() => (test.tested && engine ? changedSince(test.tested, draft, engine) : []), [test.tested, draft, engine]);
  const expired = test.phase === 'done' && now - test.endedAt > receiptLife;
  const flawed = problemsOf(draft).length > 0;
  const passed = test.phase === 'done' && test.result?.ok === true && changes.length === 0 && !expired && !flawed;
  return {
    draft,
    patch,
    choose,
    take,
    setDraft,
    engine,
    errors,
    showProblem,
    form,
    test,
    startTest,
    isComplete,
    cancelTest: cancel,
    forgetTest: forget,
    changes,
    expired,
    flawed,
    passed,
  };
}

export type ConnectionForm = ReturnType<typeof useConnectionForm>;

/** Why it cannot be saved yet, as far as the test is the reason; null when it is not. */
export function whyUntested({ engine, test, changes, expired, flawed, passed }: ConnectionForm): string | null {
  if (passed) return null;
  if (!engine) return 'Choose a database first.';
  if (flawed) return 'First mend what is wrong with the pasted string.';
  if (test.phase === 'running') return 'The test is under way.';
  if (test.phase === 'done' && changes.length > 0) return `You changed the ${changes.join(' and the ')}: test again.`;
  if (expired) return 'The test is older than 10 minutes: test again.';
  if (test.phase === 'done' || test.phase === 'refused') return 'The test did not pass: mend what it names and test again.';
  return 'Test the connection first.';
}
