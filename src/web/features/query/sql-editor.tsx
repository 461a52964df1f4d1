import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { SqlStyle } from '../../../contract/engines.ts';
import type { Refusal } from '../../../contract/query.ts';
import { completeSchema } from './complete-schema.ts';
import { dialectOf } from './editor-dialect.ts';
import { editorLook } from './editor-look.ts';

interface Props {
  connectionId: string;
  /** Which reading of the schema the completion is from. */
  snapshot: string | null;
  style: SqlStyle;
  label: string;
  text: string;
  /** The place that a verdict is about, while the text is still the one that was judged. */
  refusal: Refusal | null;
  onText: (text: string) => void;
  onRun: () => void;
}

// Typing over a selection: left to itself, the browser keeps the look of what goes by an inline style, which our policy refuses.
const typeOver = EditorView.domEventHandlers({
  beforeinput({ inputType, data }, view) {
    const { state, composing } = view;
    const { from, to, empty } = state.selection.main;
    if (inputType !== 'insertText' || data === null || empty || composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    if (!state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

function extensionsOf(props: () => Props): Extension {
  const { connectionId, snapshot, style, label } = props();
  const dialect = dialectOf(style);
  const run = (view: EditorView) => {
    closeCompletion(view);
    props().onRun();
    return true;
  };
  return [
    // Before all others: the editor's own binding of it begins a line.
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    sql({ dialect, upperCaseKeywords: true }),
    autocompletion({ override: [completeSchema(connectionId, snapshot, dialect, style)], icons: false }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    placeholder('SELECT …'),
    typeOver,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true', spellcheck: 'false' }),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && props().onText(state.doc.toString())),
    editorLook,
  ];
}

/** Shows where a refusal is, and puts the cursor there. */
function markPlace(view: EditorView, refusal: Refusal | null, takeFocus: boolean): void {
  const { length } = view.state.doc;
  if (!refusal?.position) {
    view.dispatch(setDiagnostics(view.state, []));
    return;
  }
  const from = Math.min(refusal.position.start, length);
  const to = Math.min(Math.max(refusal.position.end, from), length);
  const { rule: source, message } = refusal;
  view.dispatch(setDiagnostics(view.state, [{ from, to, severity: 'error', source, message }]));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  if (takeFocus) view.focus();
}

/** Where SQL is written. Tab leaves it, as everywhere; Ctrl or ⌘ with Enter runs. */
export function SqlEditor(props: Props) {
  const { text, refusal } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once for what it is about; what changes later goes in by itself
  useEffect(() => {
    if (!host.current) return;
    // In a shadow tree the editor adopts its style sheet; in the page it would write a style element, which our policy refuses.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const state = EditorState.create({ doc: latest.current.text, extensions: extensionsOf(() => latest.current) });
    const made = new EditorView({ state, parent: root, root });
    view.current = made;
    return () => made.destroy();
  }, [props.connectionId, props.snapshot, props.style]);

  useEffect(() => {
    const { current } = view;
    if (!current || current.state.doc.toString() === text) return;
    // A text from elsewhere, such as a table's first statement: one step back brings what was there.
    const changes = { from: 0, to: current.state.doc.length, insert: text };
    current.dispatch({ changes, selection: { anchor: text.length }, annotations: isolateHistory.of('full') });
  }, [text]);

  // A refusal that was there before, on coming back to it, takes no focus.
  const seen = useRef(refusal);
  useEffect(() => {
    if (view.current) markPlace(view.current, refusal, refusal !== seen.current);
    seen.current = refusal;
  }, [refusal]);

  return <div ref={host} data-editor className="rounded-lg border border-line-strong bg-surface" />;
}
