import { Fragment } from 'react';

// Controls, bidirectional marks and invisible letters can make a text look like another: they are shown, not obeyed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/u;

/** Text in parts: what is shown as it is, and what only its code can show. */
export function visibleParts(text: string): readonly { readonly text: string; readonly code: boolean }[] {
  return text
    .split(new RegExp(`(${hidden.source})`, 'u'))
    .filter((part) => part !== '')
    .map((part) =>
      hidden.test(part)
        ? { text: `U+${(part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`, code: true }
        : { text: part, code: false },
    );
}

/** Text of other people's making (a name or comment from a database): text alone, kept from turning its surroundings. */
export function Untrusted({ text }: { text: string }) {
  if (!hidden.test(text)) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {visibleParts(text).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text do not move
        <Fragment key={at}>
          {part.code ? <span className="rounded-sm bg-warn-soft px-0.5 font-mono text-xs text-warn">{part.text}</span> : part.text}
        </Fragment>
      ))}
    </bdi>
  );
}
