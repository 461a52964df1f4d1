import { ArrowRight } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';

interface Props {
  label: string;
  asked: string | undefined;
  busy: boolean;
  onAsk: (question: string) => void;
}

/** A question in words, one line and a button. */
export function QuestionBox({ label, asked, busy, onAsk }: Props) {
  const [text, setText] = useState(asked ?? '');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked ?? ''), [asked]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onAsk(text.trim());
    else input.current?.focus();
  };
  return (
    <search className="block max-w-3xl">
      <form onSubmit={submit} className="flex flex-col gap-2 sm:flex-row">
        <input
          ref={input}
          aria-label={label}
          value={text}
          maxLength={1000}
          placeholder="How much did each region sell last quarter?"
          onChange={(event) => setText(event.target.value)}
          className="input min-h-11 flex-1 text-md"
        />
        <Button type="submit" look="primary" busy={busy} className="min-h-11 px-5" icon={<ArrowRight aria-hidden className="size-4" />}>
          Find the tables
        </Button>
      </form>
    </search>
  );
}
