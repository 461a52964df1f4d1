import { KeyRound, Link2, Lock } from 'lucide-react';
import type { Column, TableDetail } from '../../../contract/catalog.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

interface Marks {
  readonly primary: boolean;
  readonly unique: boolean;
  readonly refers: string | null;
}

function marksOf({ keys, foreignKeys }: TableDetail, { name }: Column): Marks {
  const inKey = (kind: 'primary' | 'unique') =>
    keys.some((key) => key.kind === kind && key.columns.includes(name) && (kind === 'primary' || key.columns.length === 1));
  const foreign = foreignKeys.find(({ columns }) => columns.includes(name));
  return { primary: inKey('primary'), unique: inKey('unique'), refers: foreign ? `${foreign.schema}.${foreign.table}` : null };
}

/** What stands where a column has no value of its own. */
function defaultOf({ identity, generated, default: value }: Column): string {
  if (identity) return 'identity';
  if (generated) return `generated${value ? `: ${value}` : ''}`;
  return value ?? '';
}

/** The columns with type, keys, default and comment. */
export function ColumnTable({ detail }: { detail: TableDetail }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
    <section aria-label="Columns" tabIndex={0} className="card overflow-x-auto">
      <table className="w-full text-left">
        <thead className="border-b bg-sunken text-xs text-muted">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">
              Column
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Type
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Default
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Comment
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {detail.columns.map((column) => {
            const { primary, unique, refers } = marksOf(detail, column);
            return (
              <tr key={column.position} className="align-top">
                <th scope="row" className="px-3 py-2 font-normal">
                  <span className="flex items-start gap-1.5">
                    <span className={`font-mono text-xs leading-5 ${primary ? 'font-semibold' : ''}`}>
                      <Untrusted text={column.name} />
                    </span>
                    {primary && <KeyRound role="img" aria-label="primary key" className="mt-0.5 size-3.5 shrink-0 text-warn" />}
                    {refers && <Link2 role="img" aria-label={`refers to ${refers}`} className="mt-0.5 size-3.5 shrink-0 text-accent" />}
                    {!column.readable && (
                      <Lock role="img" aria-label="not readable with this credential" className="mt-0.5 size-3.5 shrink-0 text-warn" />
                    )}
                  </span>
                </th>
                <td className="px-3 py-2">
                  <span className="block font-mono text-xs leading-5 whitespace-nowrap">
                    <Untrusted text={column.type} />
                  </span>
                  <span className="block text-xs whitespace-nowrap text-muted">
                    {[column.nullable ? 'may be null' : 'not null', unique && 'unique'].filter(Boolean).join(', ')}
                  </span>
                  {column.enumValues && (
                    <span className="block max-w-64 text-xs break-words text-muted">
                      <Untrusted text={column.enumValues.join(' · ')} />
                    </span>
                  )}
                </td>
                <td className="max-w-56 px-3 py-2 font-mono text-xs leading-5 break-words text-muted">
                  <Untrusted text={defaultOf(column)} />
                </td>
                <td className="min-w-40 px-3 py-2 leading-5 break-words">{column.comment && <Untrusted text={column.comment} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
