import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Actor } from '../platform/actor.ts';
import { Fault, toFault } from '../platform/fault.ts';
import type { Log } from '../platform/log.ts';
import { type Env, identify, limitBody, sameSite } from './guards.ts';
import { type Handlers, mount } from './mount.ts';
import type { Origins } from './origins.ts';
import { problemResponse } from './problem.ts';
import { readWeb, serveWeb } from './static.ts';

/** What the door needs of the rest. */
export interface AppParts {
  readonly origins: () => Origins;
  readonly authenticate: (headers: Headers) => Promise<Actor | null>;
  /** The paths of the auth library that are open. */
  readonly handleAuth: (request: Request, facts: { readonly requestId: string; readonly peer: string }) => Promise<Response>;
  readonly handlers: Handlers;
  readonly webFolder: string;
  readonly log: Log;
}

/** The HTTP door: guards first, then the surface, then the web app. */
export function createApp(parts: AppParts): {
  serveRequest: (request: Request, env: unknown) => Response | Promise<Response>;
  webBuilt: boolean;
} {
  const app = new Hono<Env>();
  app.use(identify(parts.origins), sameSite(parts.origins), limitBody);
  app.all('/api/auth/*', (c) =>
    parts.handleAuth(c.req.raw, { requestId: c.get('requestId'), peer: c.env.incoming.socket.remoteAddress ?? '' }),
  );
  mount(app, parts.handlers, parts);
  const web = readWeb(parts.webFolder);
  if (web) app.use(serveWeb(web));
  app.notFound((c) => {
    const detail =
      web || c.req.path.startsWith('/api')
        ? 'See /api/openapi.json for the surface.'
        : 'The web app is not built: run `npm run build:web`.';
    return problemResponse(new Fault('route.unknown', { detail }), c.get('requestId'));
  });
  app.onError((error, c) => {
    const fault = toFault(error);
    if (fault.code === 'internal.failed') parts.log.error({ requestId: c.get('requestId'), err: error }, 'request failed');
    return problemResponse(fault, c.get('requestId'));
  });
  return { serveRequest: (request, env) => app.fetch(request, env as HttpBindings), webBuilt: web !== null };
}
