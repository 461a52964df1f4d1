import { Link } from '@tanstack/react-router';
import { Gate } from '../../ui/mark.tsx';
import { useMe } from './me.ts';
import { places } from './places.ts';

/** The links to every page that my role may open. `wide`: with words whatever the width (the drawer of narrow screens). */
export function RailLinks({ wide = false, onGo }: { wide?: boolean; onGo?: () => void }) {
  const me = useMe();
  return (
    <nav aria-label="Main">
      <ul className="space-y-0.5">
        {places
          .filter((place) => me.can(place.needs))
          .map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                {...(onGo ? { onClick: onGo } : {})}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className="flex min-h-9 items-center gap-3 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text data-[status=active]:bg-accent-soft data-[status=active]:font-medium data-[status=active]:text-accent"
              >
                <Icon aria-hidden className="size-[18px] shrink-0" />
                <span className={wide ? '' : 'sr-only lg:not-sr-only'}>{label}</span>
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** The left rail: signs and words on wide screens, signs on middle ones, a drawer on narrow ones. */
export function Rail() {
  return (
    <aside
      aria-label="Portcullis"
      className="sticky top-0 hidden h-dvh w-[60px] shrink-0 flex-col border-r bg-surface p-2.5 sm:flex lg:w-52"
    >
      <Link to="/" aria-label="Portcullis, to the dashboard" className="mb-4 flex h-9 items-center gap-2.5 rounded-md px-1.5">
        <Gate className="size-7 shrink-0" />
        <span className="hidden text-md font-semibold tracking-tight lg:inline">Portcullis</span>
      </Link>
      <RailLinks />
    </aside>
  );
}
