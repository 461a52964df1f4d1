import { Ban, Check, Minus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EngineId, ParsedString, StringParameter } from '../../../contract/engines.ts';
import { readConnectionString } from '../../../server/engines/strings.ts';
import { Button } from '../../ui/button.tsx';
import { FormField } from '../../ui/field.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const uses: Record<StringParameter['use'], { word: string; sign: ReactNode }> = {
  used: { word: 'Used', sign: <Check aria-hidden className="size-3.5 text-ok" /> },
  not_needed: { word: 'Not needed', sign: <Minus aria-hidden className="size-3.5 text-muted" /> },
  blocked: { word: 'Blocked', sign: <Ban aria-hidden className="size-3.5 text-danger" /> },
};

function Parameters({ parameters }: { parameters: readonly StringParameter[] }) {
  return (
    <div className="overflow-x-auto rounded-lg border bg-surface">
      <table className="w-full text-left text-xs">
        <caption className="sr-only">What became of each part of the string</caption>
        <thead className="border-b bg-sunken text-muted">
          <tr>
            <th className="px-3 py-1.5 font-medium">Part</th>
            <th className="px-3 py-1.5 font-medium">Value</th>
            <th className="px-3 py-1.5 font-medium">What becomes of it</th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {parameters.map(({ name, value, use, reason }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one reading's lines do not move, and names may repeat
            <tr key={at} className="align-top">
              <td className="px-3 py-1.5 font-mono">
                <Untrusted text={name} />
              </td>
              <td className="px-3 py-1.5 font-mono break-all">
                {value === null ? <span className="text-muted">not shown</span> : <Untrusted text={value} />}
              </td>
              <td className="px-3 py-1.5">
                <span className="flex items-start gap-1.5">
                  <span className="mt-0.5 shrink-0">{uses[use].sign}</span>
                  <span>
                    <span className="font-medium">{uses[use].word}</span>
                    {reason && <span className="text-muted">: {reason}</span>}
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How one reading of an ambiguous text differs from another: who, and where. */
const brief = ({ address, credentials }: ParsedString): string => {
  const where = Object.values(address).filter((value) => typeof value === 'string' || typeof value === 'number');
  return [Object.values(credentials)[0] ?? '', where.join(' · ')].filter(Boolean).join(' at ');
};

interface Props {
  dbType: EngineId | undefined;
  examples: readonly string[];
  /** What was read; null when nothing was, or when it has to be chosen which way it is meant. */
  onRead: (parsed: ParsedString | null) => void;
}

/** A pasted string, read here in the browser into the fields of the form; what became of each part of it is listed. */
export function PastedString({ dbType, examples, onRead }: Props) {
  // The field keeps its text to itself: React would write a controlled one, password and all, into the page's markup.
  const [state, setState] = useState<'empty' | 'unreadable' | 'read'>('empty');
  const [parsed, setParsed] = useState<ParsedString | null>(null);
  const [splits, setSplits] = useState<readonly ParsedString[]>([]);

  const take = (one: ParsedString | null) => {
    setParsed(one);
    onRead(one);
  };
  const read = (value: string) => {
    const found = value.trim() ? (readConnectionString(value, dbType) ?? readConnectionString(value)) : null;
    setState(found ? 'read' : value.trim() ? 'unreadable' : 'empty');
    setSplits(found ? [found, ...found.alternatives] : []);
    // An ambiguous text is never guessed: a wrong host would be told a part of the password.
    take(found && found.alternatives.length === 0 ? found : null);
  };
  const unreadable = state === 'unreadable' ? 'This is not a connection string that is known here. Guided asks for each part.' : null;

  return (
    <div className="space-y-3">
      <FormField
        label="Connection string"
        help="The text stays in your browser: it is read here, and only the fields below are sent."
        error={unreadable ?? parsed?.problems[0]?.message}
        path="connectionString"
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            placeholder={examples[0]}
            onChange={(event) => read(event.target.value)}
            className="input font-mono text-xs"
          />
        )}
      </FormField>
      {state === 'empty' && examples.length > 1 && (
        <div className="text-xs text-muted">
          <p>Also read:</p>
          <ul className="mt-1 space-y-0.5">
            {examples.slice(1).map((example) => (
              <li key={example} className="font-mono break-all">
                {example}
              </li>
            ))}
          </ul>
        </div>
      )}
      {splits.length > 1 && (
        <div className="rounded-lg border border-warn bg-warn-soft p-3">
          <p className="font-medium">This can be read in {splits.length} ways. Which is meant?</p>
          <div className="mt-2 flex flex-wrap gap-2">
            {splits.map((split) => (
              <Button
                key={brief(split)}
                size="small"
                aria-pressed={split === parsed}
                look={split === parsed ? 'primary' : 'secondary'}
                onClick={() => take(split)}
              >
                <span className="max-w-full truncate sm:max-w-96">{brief(split)}</span>
              </Button>
            ))}
          </div>
        </div>
      )}
      {parsed && parsed.parameters.length > 0 && <Parameters parameters={parsed.parameters} />}
    </div>
  );
}
