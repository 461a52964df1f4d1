import type { OneTimeLink } from '../contract/identity.ts';
import { say, show, visible } from './print.ts';

/** Enters the store while no server runs on it, makes a link, and tells it. */
export async function makeLinkOffline(
  make: (offline: Offline) => Promise<OneTimeLink>,
  sentence: (until: string) => string,
  how: { readonly json?: true },
): Promise<void> {
  const { openOffline } = await import('../server/build.ts');
  const offline = await openOffline();
  try {
    // Beside what is printed, which a program may read.
    if (offline.notice) process.stderr.write(`${visible(offline.notice)}\n`);
    show(await make(offline), how, (link) => say(sentence(link.expiresAt), link.url));
  } finally {
    await offline.close();
  }
}

/** What can be done with the server stopped. */
type Offline = Awaited<ReturnType<typeof import('../server/build.ts').openOffline>>;
