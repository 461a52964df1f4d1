import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { EngineId, ParsedString } from '../../../contract/engines.ts';
import { ask, client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { focusField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AboutForm } from './about-form.tsx';
import { CredentialForm } from './credential-form.tsx';
import { DbTypeSelector } from './db-type-selector.tsx';
import { aboutOf, type Draft, emptyDraft, problemsOf, targetOf } from './draft.ts';
import { FormSection } from './form-section.tsx';
import { FormWindow } from './form-window.tsx';
import { limitsOf, lowersLimits, mistakesInLimits } from './limits-draft.ts';
import { LimitsForm } from './limits-form.tsx';
import { PastedString } from './pasted-string.tsx';
import { TestPane, testButton } from './test-pane.tsx';
import { useConnectionForm, whyUntested, withMistakes } from './use-connection-form.ts';

const tab =
  'min-h-9 flex-1 rounded-md px-3 font-medium text-muted outline-none hover:text-text data-active:bg-surface data-active:text-text data-active:shadow-[0_0_0_1px_var(--color-line-strong)] focus-visible:outline-2 focus-visible:outline-accent';

/** Adding a database: choose, say where, test stage by stage, see what the credential can do, save. */
export function AddConnectionModal({ onClose }: { onClose: () => void }) {
  const engines = useQuery(ask.engines);
  const form = useConnectionForm(engines.data?.items ?? [], emptyDraft);
  const { draft, patch, engine, errors, test, passed } = form;
  /** The kind that was chosen by hand; a pasted string may say another one otherwise. */
  const [picked, setPicked] = useState<EngineId | null>(null);
  const [boxes, setBoxes] = useState(0);
  const [read, setRead] = useState(false);
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const saved = useRef<string | null>(null);

  /** What was pressed is gone then: the focus goes to what it led to. */
  const moveTo = (selector: string) => requestAnimationFrame(() => form.form.current?.querySelector<HTMLElement>(selector)?.focus());
  const pick = (id: EngineId) => {
    setPicked(id);
    form.choose(id);
    moveTo('[data-field^="address."]');
  };
  /** Back to the choice, with an empty paste box: what it held says which kind it is of. */
  const unpick = () => {
    setPicked(null);
    setRead(false);
    setBoxes(boxes + 1);
    form.setDraft({ ...draft, dbType: null, mode: 'guided', problems: [] });
    form.forgetTest();
    moveTo('li button');
  };
  const take = (id: EngineId | null, parsed: ParsedString | null) => {
    setRead(parsed !== null);
    form.take(id, parsed);
  };
  const startTest = () => {
    setRefused(null);
    if (!engine || !form.isComplete()) return;
    const body = { dbType: engine.id, mode: draft.mode, ...targetOf(draft, engine) };
    void form.startTest((options) => client.stream.testDbConnection({ body }, options));
  };
  const save = async () => {
    if (!engine) return;
    setSaving(true);
    setRefused(null);
    try {
      const { receipt } = test.result ?? {};
      const body = {
        ...{ dbType: engine.id, mode: draft.mode, ...targetOf(draft, engine), ...aboutOf(draft) },
        ...(lowersLimits(draft.limits) ? { limits: limitsOf(draft.limits) } : {}),
        ...(receipt ? { receipt } : {}),
      };
      const connection = await client.createDbConnection({ body });
      saved.current = connection.id;
      await queryClient.invalidateQueries({ queryKey: ask.connections.queryKey });
      notify(`${connection.name} is registered. Its schema is being read.`);
      onClose();
    } catch (error) {
      setRefused(error);
      setSaving(false);
      form.showProblem(error);
      if (error instanceof ProblemError && error.code === 'receipt.invalid') form.forgetTest();
    }
  };

  const wrong = mistakesInLimits(draft.limits);
  const nameless = draft.name.trim() === '';
  const why = whyUntested(form) ?? (nameless ? 'Give it an alias first.' : wrong.length > 0 ? 'A limit is not right yet.' : null);
  const drawn = engine && (draft.mode === 'guided' || read);
  return (
    <FormWindow
      title="Add a database"
      description="It is tested before anything is kept. The credential is sealed and never shown again."
      onClose={onClose}
      dirty={() => saved.current === null && draft !== emptyDraft}
      focusAfter={() => document.getElementById(`connection-${saved.current}`)}
      form={form.form}
      ready={!engines.isPending}
      early={!engine}
      fields={
        <>
          <FormSection title="Choose a database">
            {engines.error && <ErrorPanel error={engines.error} retry={() => void engines.refetch()} />}
            {engines.isPending ? (
              <div role="status" aria-label="Loading the kinds of database" className="grid gap-3 sm:grid-cols-2">
                {[1, 2, 3, 4, 5, 6].map((card) => (
                  <Skeleton key={card} className="h-[106px]" />
                ))}
              </div>
            ) : (
              <DbTypeSelector engines={engines.data?.items ?? []} chosen={engine} onChoose={pick} onChange={unpick} />
            )}
          </FormSection>
          {engines.data && (
            <FormSection title={engine ? 'How' : 'Or paste a connection string'}>
              <Tabs.Root value={engine ? draft.mode : 'connection_string'} onValueChange={(mode: Draft['mode']) => patch({ mode })}>
                {engine && (
                  <Tabs.List className="mb-4 flex gap-1 rounded-lg bg-sunken p-1" aria-label="How to enter it">
                    <Tabs.Tab value="guided" className={tab}>
                      Guided
                    </Tabs.Tab>
                    <Tabs.Tab value="connection_string" className={tab}>
                      Connection string <span className="hidden font-normal sm:inline">(advanced)</span>
                    </Tabs.Tab>
                  </Tabs.List>
                )}
                {engine && (
                  <Tabs.Panel value="guided">
                    <p className="text-muted">Each part has its field. What is right for most is filled in.</p>
                  </Tabs.Panel>
                )}
                <Tabs.Panel value="connection_string" keepMounted>
                  <PastedString
                    key={boxes}
                    engines={engines.data.items}
                    chosen={engine}
                    picked={picked}
                    problems={problemsOf(draft)}
                    onRead={take}
                  />
                </Tabs.Panel>
              </Tabs.Root>
            </FormSection>
          )}
          {drawn && <CredentialForm engine={engine} draft={draft} errors={errors} onPatch={patch} />}
          {drawn && <AboutForm draft={draft} errors={errors} onPatch={patch} />}
          {drawn && (
            <LimitsForm folded limits={draft.limits} errors={withMistakes(errors, wrong)} onChange={(limits) => patch({ limits })} />
          )}
          {refused !== null && <ErrorPanel error={refused} />}
        </>
      }
      beside={<TestPane form={form} lead="Nothing was tested yet. Each step is shown as it ends, with how long it took." />}
      foot={
        <>
          <p id="why-not" role="status" className="mr-auto min-w-0 basis-full text-muted sm:basis-auto">
            {passed && nameless ? (
              <button type="button" className="link" onClick={() => form.form.current && focusField('name', form.form.current)}>
                {why}
              </button>
            ) : (
              (why ?? 'Tested. It can be saved.')
            )}
          </p>
          <Button
            id={testButton}
            look={passed ? 'secondary' : 'primary'}
            disabled={!drawn}
            busy={test.phase === 'running'}
            onClick={startTest}
          >
            {test.phase === 'idle' || test.phase === 'running' ? 'Test connection' : 'Test again'}
          </Button>
          <Button
            look={passed ? 'primary' : 'secondary'}
            disabled={why !== null}
            busy={saving}
            aria-describedby="why-not"
            onClick={() => void save()}
          >
            Save
          </Button>
        </>
      }
    />
  );
}
