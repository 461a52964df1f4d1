import { CirclePlay, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TrialOutcome, TruthTable } from '../../../contract/engines.ts';

const words: Record<TrialOutcome['outcome'], { word: string; sign: ReactNode }> = {
  stopped: { word: 'Stopped', sign: <ShieldCheck aria-hidden className="size-3.5 text-ok" /> },
  runs: { word: 'Answered, nothing changed', sign: <CirclePlay aria-hidden className="size-3.5 text-muted" /> },
  changes: { word: 'Changes something', sign: <TriangleAlert aria-hidden className="size-3.5 text-danger" /> },
};

function Outcome({ outcome, code }: TrialOutcome) {
  const { word, sign } = words[outcome];
  return (
    <span className="flex items-start gap-1.5">
      <span className="mt-[3px] shrink-0">{sign}</span>
      <span>
        <span className={outcome === 'changes' ? 'font-medium text-danger' : ''}>{word}</span>
        {code && <span className="block font-mono text-muted">{code}</span>}
      </span>
    </span>
  );
}

/** Every statement that was tried, and what became of it for each login. */
export function TrialTable({ logins, trials }: Pick<TruthTable, 'logins' | 'trials'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label="Statements that were tried" className="max-h-[32rem] overflow-auto rounded-lg border bg-surface">
      <table className="w-full min-w-[44rem] text-left text-xs">
        <thead className="sticky top-0 border-b bg-sunken text-muted">
          <tr>
            {['What', 'For example', ...logins.map((login) => login.replace(/^./, (first) => first.toUpperCase()))].map((title) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {trials.map(({ what, example, outcomes }) => (
            <tr key={what} className="align-top">
              <th scope="row" className="px-3 py-2 font-medium">
                {what}
              </th>
              <td className="px-3 py-2 font-mono break-words [overflow-wrap:anywhere]">{example}</td>
              {logins.map((login, at) => (
                <td key={login} className="min-w-44 px-3 py-2">
                  {outcomes[at] && <Outcome {...outcomes[at]} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
