import { useEffect, useId, useRef, useState } from 'react';
import type { EngineDescription, EngineId, ParsedString } from '../../../contract/engines.ts';
import { readConnectionString } from '../../../server/engines/strings.ts';
import { FormField } from '../../ui/field.tsx';
import { PastedParameters } from './pasted-parameters.tsx';
import { type Way, waysToRead } from './ways-to-read.ts';

const unknown = 'This is not a connection string that is known here. Guided asks for each part.';
const undecided = 'No kind of database is known by this alone: choose it above, or paste the whole string.';
const unavailable = 'This is the string of a kind of database that is not available here.';

interface Props {
  /** The kinds of database that can be added. */
  engines: readonly EngineDescription[];
  chosen: EngineDescription | null;
  /** The kind that a person chose; otherwise the text itself says which it is. */
  picked: EngineId | null;
  problems: ParsedString['problems'];
  /** What kind of database the text is of, and what was read; null where it is not known, or has to be chosen which way it is meant. */
  onRead: (dbType: EngineId | null, parsed: ParsedString | null) => void;
}

function Ways({ ways, taken, onTake }: { ways: readonly Way[]; taken: ParsedString | null; onTake: (parsed: ParsedString) => void }) {
  const group = useId();
  return (
    <fieldset className="rounded-lg border border-warn bg-warn-soft p-3">
      <legend className="float-left mb-2 font-medium">This can be read in {ways.length} ways. Which is meant?</legend>
      <div className="clear-both space-y-2">
        {ways.map(({ number, parsed, label }) => (
          <label
            key={number}
            className="flex items-start gap-2.5 rounded-lg border bg-surface p-2.5 has-checked:border-accent has-checked:bg-accent-soft has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
          >
            <input
              type="radio"
              name={group}
              checked={parsed === taken}
              onChange={() => onTake(parsed)}
              className="mt-[3px] size-4 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0 break-words">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A pasted string, read here in the browser into the fields of the form; what became of each part of it is listed. */
export function PastedString({ engines, chosen, picked, problems, onRead }: Props) {
  // The field keeps its text to itself: React would write a controlled one, password and all, into the page's markup.
  const field = useRef<HTMLTextAreaElement | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [empty, setEmpty] = useState(true);
  const [parsed, setParsed] = useState<ParsedString | null>(null);
  const [ways, setWays] = useState<readonly Way[]>([]);

  const take = (dbType: EngineId | null, one: ParsedString | null) => {
    setParsed(one);
    onRead(dbType, one);
  };
  const read = (value: string) => {
    const found = value.trim() ? (readConnectionString(value, picked ?? undefined) ?? readConnectionString(value)) : null;
    const offered = found !== null && engines.some(({ id }) => id === found.dbType);
    setEmpty(!value.trim());
    setWrong(!value.trim() || offered ? null : found ? unavailable : chosen ? unknown : undecided);
    setWays(offered && found.alternatives.length > 0 ? waysToRead([found, ...found.alternatives]) : []);
    // An ambiguous text is never guessed: a wrong host would be told a part of the password.
    if (offered) take(found.dbType, found.alternatives.length === 0 ? found : null);
    else take(null, null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when a kind is chosen for a text that is there already, and then alone
  useEffect(() => {
    if (picked && field.current?.value.trim()) read(field.current.value);
  }, [picked]);

  const examples = chosen?.stringExamples ?? engines.flatMap(({ stringExamples }) => stringExamples.slice(0, 1));
  const titleOf = (path: string) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    return [...(chosen?.address ?? []), ...(chosen?.credentials ?? [])].find((one) => one.name === name)?.title ?? name;
  };
  return (
    <div className="space-y-3">
      <FormField
        label="Connection string"
        help="The text stays in your browser: it is read here, and only the fields below are sent."
        error={wrong ?? (problems.length > 0 ? 'This keeps the string from being used:' : null)}
        path="connectionString"
      >
        {(control) => (
          <textarea
            {...control}
            ref={field}
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
      {problems.length > 0 && (
        <ul aria-label="What keeps the string from being used" className="list-disc space-y-1 pl-5 text-xs text-danger">
          {problems.map(({ field: path, message }) => (
            <li key={`${path} ${message}`} className="break-words">
              {path !== null && <span className="font-medium">{titleOf(path)}: </span>}
              {message}
            </li>
          ))}
        </ul>
      )}
      {chosen && empty && examples.length > 1 && (
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
      {ways.length > 1 && <Ways ways={ways} taken={parsed} onTake={(one) => take(one.dbType, one)} />}
      {parsed && parsed.parameters.length > 0 && <PastedParameters parameters={parsed.parameters} />}
    </div>
  );
}
