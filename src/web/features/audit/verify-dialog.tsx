import { useMutation } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { AuditVerification } from '../../../contract/audit.ts';
import { client } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { counted } from '../../ui/when.tsx';

function Found({ found }: { found: AuditVerification }) {
  const { ok, records, checkpoints, chains, checkpoint, publicKey, firstFault } = found;
  const Sign = ok ? ShieldCheck : ShieldAlert;
  return (
    <div className="space-y-3">
      <div role="status" className={`flex gap-3 rounded-lg border p-4 ${ok ? 'border-ok bg-ok-soft' : 'border-danger bg-danger-soft'}`}>
        <Sign aria-hidden className={`mt-0.5 size-4 shrink-0 ${ok ? 'text-ok' : 'text-danger'}`} />
        <div className="min-w-0">
          <p className="font-semibold">{ok ? 'Every record is as it was written' : 'Not every record is as it was written'}</p>
          <p className="mt-0.5">
            {counted(records, 'record')} in {counted(chains, 'chain')}, {counted(checkpoints, 'signed checkpoint')}.
          </p>
          {firstFault && (
            <p className="mt-2 break-words">
              <span className="font-medium">{firstFault.what}: </span>
              {firstFault.detail}{' '}
              <code className="font-mono text-xs break-all text-muted">{`${firstFault.chain}:${firstFault.sequence}`}</code>
            </p>
          )}
        </div>
      </div>
      {checkpoint && <CodeBlock text={checkpoint} label="The newest checkpoint: keep it elsewhere" />}
      <CodeBlock text={publicKey} label="Public key (Ed25519) of the checkpoints" />
    </div>
  );
}

/** Goes through every record, and says whether one was changed, removed, inserted or moved. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const [kept, setKept] = useState('');
  const verify = useMutation({
    mutationFn: () => client.verifyAudit({ query: kept.trim() ? { checkpoint: kept.trim() } : {} }),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm:max-w-xl"
      title="Verify the records"
      description="Each record holds the digest of the one before; checkpoints of them are signed."
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate();
        }}
      >
        <FormField
          label="A checkpoint that you kept"
          optional
          help="One that a verification printed before, or the server’s log. With it, a removed end is found too."
        >
          {(control) => (
            <input
              {...control}
              value={kept}
              spellCheck={false}
              autoComplete="off"
              placeholder="chain:number:hash"
              onChange={(event) => setKept(event.target.value)}
              className="input font-mono text-xs"
            />
          )}
        </FormField>
        {verify.error && <ErrorPanel error={verify.error} />}
        {verify.data && <Found found={verify.data} />}
        <DialogFoot>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={verify.isPending}>
            {verify.data ? 'Verify again' : 'Verify'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
