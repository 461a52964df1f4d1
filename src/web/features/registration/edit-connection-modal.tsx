import { useMemo, useRef, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import type { EngineDescription } from '../../../contract/engines.ts';
import { client } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';
import { AboutForm } from './about-form.tsx';
import { mistakesIn } from './check-draft.ts';
import { CredentialForm } from './credential-form.tsx';
import { DbTypeSelector } from './db-type-selector.tsx';
import { aboutOf, changedSince, draftOf, hasClientCertificate, hasTunnel, targetOf } from './draft.ts';
import { FormSection } from './form-section.tsx';
import { FormWindow } from './form-window.tsx';
import { limitsOf, mistakesInLimits } from './limits-draft.ts';
import { LimitsForm } from './limits-form.tsx';
import { TestPane, testButton } from './test-pane.tsx';
import { useConnectionForm, whyUntested, withMistakes } from './use-connection-form.ts';

interface Props {
  connection: Connection;
  engine: EngineDescription;
  onClose: () => void;
}

/** The same form for what is registered already. Another destination asks for the password again and for a test. */
export function EditConnectionModal({ connection, engine, onClose }: Props) {
  // What it was when the form was opened: what goes on meanwhile (a reading, its health) must not touch what is typed.
  const [before] = useState(() => draftOf(connection, engine));
  const engines = useMemo(() => [engine], [engine]);
  const form = useConnectionForm(engines, before);
  const { draft, patch, errors, test, passed } = form;
  const { edit } = useConnectionActions(connection.id);
  const saved = useRef(false);
  const moved = changedSince(before, draft, engine);
  const redirected = moved.length > 0;
  const relimited = JSON.stringify(before.limits) !== JSON.stringify(draft.limits);
  const wrong = mistakesInLimits(draft.limits);

  const startTest = () => {
    edit.reset();
    if (!redirected) {
      const params = { id: connection.id };
      return void form.startTest((options) => client.stream.testStoredDbConnection({ params }, options));
    }
    if (!form.isComplete()) return;
    const body = { dbType: engine.id, mode: draft.mode, ...targetOf(draft, engine) };
    void form.startTest((options) => client.stream.testDbConnection({ body }, options));
  };
  const save = () =>
    edit.mutate(
      {
        ...aboutOf(draft),
        ...(relimited ? { limits: limitsOf(draft.limits) } : {}),
        ...(redirected ? targetOf(draft, engine) : {}),
      },
      {
        onSuccess: () => {
          saved.current = true;
          notify(`${draft.name.trim()} is changed.`);
          onClose();
        },
        onError: form.showProblem,
      },
    );

  const missing = redirected && mistakesIn(draft, engine).some(({ path }) => path.startsWith('credentials.'));
  const again = hasTunnel(draft, engine) || hasClientCertificate(draft, engine) ? 'every password and key' : 'the password';
  const unchanged = JSON.stringify(before) === JSON.stringify(draft) ? 'Nothing is changed yet.' : null;
  const untested = redirected
    ? missing
      ? `You changed the ${moved.join(' and the ')}: enter ${again} again, so that nobody can redirect it.`
      : whyUntested(form)
    : null;
  const why =
    unchanged ?? untested ?? (wrong.length > 0 ? 'A limit is not right yet.' : draft.name.trim() ? null : 'Give it an alias first.');
  return (
    <FormWindow
      title={`Edit ${connection.name}`}
      description="Who may see it, what it is, and where it is. The stored password is never shown."
      onClose={onClose}
      dirty={() => !saved.current && JSON.stringify(before) !== JSON.stringify(draft)}
      form={form.form}
      fields={
        <>
          <FormSection title="Kind of database">
            <DbTypeSelector engines={engines} chosen={engine} onChoose={() => undefined} />
          </FormSection>
          <CredentialForm engine={engine} draft={draft} errors={errors} onPatch={patch} stored={connection.usernames.readOnly} />
          <AboutForm draft={draft} errors={errors} onPatch={patch} />
          <LimitsForm limits={draft.limits} errors={withMistakes(errors, wrong)} onChange={(limits) => patch({ limits })} />
          {edit.error && <ErrorPanel error={edit.error} />}
        </>
      }
      beside={
        <TestPane
          form={form}
          lead={
            redirected
              ? 'What you changed has to be tested before it is kept.'
              : 'Where it goes is unchanged: what is stored can be tested as it is.'
          }
        />
      }
      foot={
        <>
          <p id="why-not" role="status" className="mr-auto min-w-0 basis-full text-muted sm:basis-auto">
            {why ?? (redirected ? 'Tested. It is tested once more when it is saved.' : 'No test is needed for this.')}
          </p>
          <Button
            id={testButton}
            look={redirected && !passed ? 'primary' : 'secondary'}
            busy={test.phase === 'running'}
            onClick={startTest}
          >
            {redirected ? 'Test connection' : 'Test what is stored'}
          </Button>
          <Button
            look={why === null ? 'primary' : 'secondary'}
            disabled={why !== null}
            busy={edit.isPending}
            aria-describedby="why-not"
            onClick={save}
          >
            Save
          </Button>
        </>
      }
    />
  );
}
