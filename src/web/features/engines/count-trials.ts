import type { TrialOutcome, TruthTable } from '../../../contract/engines.ts';

/** What became of all statements that one login tried. */
export interface Tally {
  readonly login: string;
  readonly stopped: number;
  readonly ran: number;
  /** What changed something: nothing but the guard stands before these. */
  readonly changed: readonly string[];
}

/** Counts what became of the statements, a tally for each login. */
export function countTrials({ logins, trials }: TruthTable): Tally[] {
  return logins.map((login, at) => {
    const of = (outcome: TrialOutcome['outcome']) => trials.filter(({ outcomes }) => outcomes[at]?.outcome === outcome);
    return { login, stopped: of('stopped').length, ran: of('runs').length, changed: of('changes').map(({ what }) => what) };
  });
}
