import { Link } from '@tanstack/react-router';
import { buttonLook } from '../../ui/button.tsx';
import { EntranceFrame } from './entrance-frame.tsx';

/** A link without its token: cut off when it was copied. */
export function MissingToken({ title }: { title: string }) {
  return (
    <EntranceFrame
      title={title}
      lead="This link is not complete: the part behind # is missing. Copy the whole link, or ask an Admin for a new one."
    >
      <Link to="/sign-in" className={buttonLook('secondary')}>
        To the sign-in
      </Link>
    </EntranceFrame>
  );
}
