import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../../contract/audit.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count, sayDuration } from '../../ui/when.tsx';
import { sayBytes } from '../query/say-bytes.ts';
import { outcomes, sayVia } from './entry-words.tsx';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

const code = (text: string) => (
  <code className="font-mono text-xs [overflow-wrap:anywhere]">
    <Untrusted text={text} />
  </code>
);

function Rest({ detail }: { detail: AuditEntry['detail'] }) {
  const said = Object.entries(detail).filter(
    ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return said.map(([name, value]) => (
    <Fact key={name} name={name}>
      {code(typeof value === 'string' ? value : JSON.stringify(value))}
    </Fact>
  ));
}

/** Everything that is on record of one entry. */
export function EntryDetail({ entry }: { entry: AuditEntry }) {
  const { id, at, actor, subject, connection, sql, fingerprint, verdict, rule, slot, outcome, fault, rows, bytes, ms, detail } = entry;
  return (
    <div className="space-y-3">
      <p>{outcomes[outcome].means}</p>
      {sql !== null && <CodeBlock text={sql} label="The statement as it was given" copy="Copy SQL" />}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <Fact name="Entry">
          <span className="flex flex-wrap items-center gap-2">
            {code(id)}
            <CopyButton text={id} what="Copy" look="quiet" />
          </span>
        </Fact>
        <Fact name="At">{code(at)}</Fact>
        <Fact name="By">
          <Untrusted text={actor.name} />, {sayVia(actor.via)}
          {actor.id && <span className="ml-2 text-muted">{code(actor.id)}</span>}
        </Fact>
        {connection ? (
          <Fact name="Database">
            <Link to="/databases/$connectionId" params={{ connectionId: connection.id }} className="link">
              {connection.name || connection.id}
            </Link>
          </Fact>
        ) : (
          <Fact name="Done to">{code([subject.kind, subject.id].filter(Boolean).join(' '))}</Fact>
        )}
        {verdict && (
          <Fact name="Verdict">
            {verdict === 'allowed' ? 'Allowed' : 'Refused'}
            {rule && <> by {code(rule)}</>}
          </Fact>
        )}
        {fault && <Fact name="Fault">{code(fault)}</Fact>}
        {rows !== null && <Fact name="Rows">{count(rows)}</Fact>}
        {bytes !== null && <Fact name="Size">{sayBytes(bytes)}</Fact>}
        {ms !== null && <Fact name="Took">{sayDuration(ms)}</Fact>}
        {slot && <Fact name="Credential">{slot.replaceAll('_', ' ')}</Fact>}
        {fingerprint && <Fact name="Fingerprint">{code(fingerprint)}</Fact>}
        <Rest detail={detail} />
      </dl>
    </div>
  );
}
