import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// The page's own colours: they reach into the editor's shadow tree, and change with the theme by themselves.
const colour = (name: string): string => `var(--color-${name})`;

const frame = EditorView.theme({
  '&': { color: colour('text'), backgroundColor: colour('surface'), fontSize: '13px', borderRadius: '7px' },
  '&.cm-focused': { outline: `2px solid ${colour('accent')}`, outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.65', minHeight: '148px', maxHeight: '45dvh', borderRadius: '7px' },
  '.cm-content': { padding: '10px 0', caretColor: colour('text') },
  '.cm-line': { padding: '0 14px 0 8px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: colour('muted'), border: 'none', paddingLeft: '6px' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: colour('text') },
  '.cm-cursor': { borderLeftColor: colour('text') },
  '.cm-placeholder': { color: colour('muted') },
  '& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    {
      background: `color-mix(in srgb, ${colour('accent')} 28%, transparent)`,
    },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: colour('hover'), outline: `1px solid ${colour('edge')}` },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: colour('danger-soft') },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    backgroundColor: colour('danger-soft'),
    textDecoration: `underline wavy ${colour('danger')}`,
    textUnderlineOffset: '3px',
    paddingBottom: '0',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: colour('danger') },
});

const floating = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: colour('raised'),
    color: colour('text'),
    border: `1px solid ${colour('line')}`,
    borderRadius: '8px',
    boxShadow: 'var(--shadow-float)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '12px', maxHeight: '240px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px', lineHeight: '1.5' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: colour('accent-soft'), color: colour('accent') },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: colour('muted'), fontStyle: 'normal', marginLeft: '12px' },
  '.cm-diagnostic': { padding: '8px 12px', fontFamily: 'var(--font-sans)', fontSize: '13px', maxWidth: '46ch', whiteSpace: 'normal' },
  '.cm-diagnostic-error': { borderLeft: `3px solid ${colour('danger')}` },
});

const highlighting = HighlightStyle.define([
  { tag: tags.keyword, color: colour('accent') },
  { tag: tags.string, color: colour('ok') },
  // A name in quotes is a name.
  { tag: tags.special(tags.string), color: colour('text') },
  { tag: [tags.number, tags.bool, tags.null], color: colour('warn') },
  { tag: [tags.typeName, tags.standard(tags.name)], color: colour('info') },
  { tag: [tags.lineComment, tags.blockComment, tags.operator, tags.punctuation], color: colour('muted') },
]);

/** How the editor looks: like the rest of the page, light and dark. */
export const editorLook: Extension = [frame, floating, syntaxHighlighting(highlighting)];
