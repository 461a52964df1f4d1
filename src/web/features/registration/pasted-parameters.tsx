import { Ban, Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StringParameter } from '../../../contract/engines.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

const uses: Record<StringParameter['use'], { word: string; sign: ReactNode }> = {
  used: { word: 'Used', sign: <Check aria-hidden className="size-3.5 text-ok" /> },
  not_needed: { word: 'Not needed', sign: <Minus aria-hidden className="size-3.5 text-muted" /> },
  blocked: { word: 'Blocked', sign: <Ban aria-hidden className="size-3.5 text-danger" /> },
};

/** What became of each part of a pasted string. */
export function PastedParameters({ parameters }: { parameters: readonly StringParameter[] }) {
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
