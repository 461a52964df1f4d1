import type { Context } from 'hono';
import type { AppServices } from './app-services.ts';
import type { Env } from './guards.ts';

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/** Whether a setup through this request has to show the token: not only where host and peer are loopback and nothing is published. */
export function needsToken(services: Pick<AppServices, 'local'>, context: Context<Env>): boolean {
  const peer = context.env.incoming.socket.remoteAddress ?? '';
  // Behind a proxy every peer is loopback: whoever is beyond it has to show the token.
  if (forwarding.some((name) => context.req.header(name) !== undefined)) return true;
  return !(services.local && /^(127\.|::1$|::ffff:127\.)/.test(peer));
}

/** What a setup through this request must show, and whether it is given a key: programs are, pages (which say their Origin) are not. */
export function setupTerms(services: Pick<AppServices, 'local' | 'setupToken'>, context: Context<Env>) {
  return { expectedToken: needsToken(services, context) ? services.setupToken : null, withKey: context.req.header('origin') === undefined };
}
