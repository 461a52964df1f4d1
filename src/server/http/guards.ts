import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { newId } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import type { Origins } from './origins.ts';
import { problemResponse } from './problem.ts';

/** What every handler behind the guards may read of its request. */
export interface Env {
  Bindings: HttpBindings;
  Variables: { requestId: string };
}
export type Guard = MiddlewareHandler<Env>;

const MAX_BODY = 1024 * 1024;

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "manifest-src 'self'",
].join('; ');

/** Gives each request its id and each response the headers that every page and answer carries. */
export const identify =
  (origins: () => Origins): Guard =>
  async (c, next) => {
    c.set('requestId', newId());
    await next();
    const { headers } = c.res;
    headers.set('x-request-id', c.get('requestId'));
    headers.set('content-security-policy', contentPolicy);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
    if (origins().secure) headers.set('strict-transport-security', 'max-age=31536000');
  };

const unsafe = (method: string): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';

/** Refuses requests that name another host (DNS rebinding), come from another site's page, or change state by cookie without saying from where. */
export const sameSite =
  (origins: () => Origins): Guard =>
  async (c, next) => {
    const refuse = (fault: Fault): Response => problemResponse(fault, c.get('requestId'));
    const { hosts, origins: ours } = origins();
    const host = c.req.header('host')?.toLowerCase() ?? '';
    // Behind https and http the default port is not written.
    if (!hosts.has(host))
      return refuse(
        new Fault('host.forbidden', {
          detail: 'Use the address that the server printed at start, or set PORTCULLIS_BASE_URL to the one that people use.',
        }),
      );
    const origin = c.req.header('origin');
    if (origin !== undefined && !ours.has(origin.toLowerCase())) {
      return refuse(new Fault('origin.forbidden', { detail: 'Only pages of Portcullis itself may call it from a browser.' }));
    }
    const byCookie = c.req.header('cookie') !== undefined && c.req.header('authorization') === undefined;
    if (unsafe(c.req.method) && byCookie && origin === undefined) {
      return refuse(new Fault('origin.forbidden', { detail: 'A change made with a cookie must say its Origin. Programs use an API key.' }));
    }
    return await next();
  };

/** Bodies are small: nothing of the surface needs more than 1 MiB. */
export const limitBody: Guard = bodyLimit({
  maxSize: MAX_BODY,
  onError: (c) =>
    problemResponse(
      new Fault('request.oversized', { detail: 'The body may have 1 MiB at most.' }),
      (c.get('requestId') as string | undefined) ?? '',
    ),
});
