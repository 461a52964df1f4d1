import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Copies a text, and says so. `what` names it: "Copy script". */
export function CopyButton({ text, what, look = 'secondary' }: { text: string; what: string; look?: 'secondary' | 'quiet' | 'primary' }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <Button
      size="small"
      look={look}
      icon={done ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      <span aria-live="polite">{done ? 'Copied' : what}</span>
    </Button>
  );
}
