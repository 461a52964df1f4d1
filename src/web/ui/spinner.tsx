import { LoaderCircle } from 'lucide-react';
import { classes } from './classes.ts';

/** Something is under way; the words beside it say what. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={classes('size-4 shrink-0 animate-spin', className)} />;
}
