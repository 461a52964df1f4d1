import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Guard } from './guards.ts';

const kinds: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
};
interface Page {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  gzipped?: Promise<Buffer>;
}
const compress = promisify(gzip);

/** The built web app, read whole at start: requests never touch the file system. Null when it is not built. */
export function readWeb(folder: string): ReadonlyMap<string, Page> | null {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const pages = new Map<string, Page>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    pages.set(`/${relative(folder, file).split(sep).join('/')}`, { bytes, type: kinds[extname(file)] ?? 'application/octet-stream', etag });
  }
  return pages;
}

/** Serves the web app; every path that is not a file and not part of the surface is the app's own (its router answers it). */
export const serveWeb =
  (pages: ReadonlyMap<string, Page>): Guard =>
  async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next();
    const { pathname } = new URL(c.req.url);
    if (/^\/(api|oauth|mcp|healthz|readyz|metrics|\.well-known)(\/|$)/.test(pathname)) return next();
    const file = pages.get(pathname);
    const page = file ?? (extname(pathname) === '' ? pages.get('/index.html') : undefined);
    if (!page) return next();
    // Files under assets/ carry a hash in their name and never change; the rest is asked for again.
    c.header('cache-control', pathname.startsWith('/assets/') && file ? 'public, max-age=31536000, immutable' : 'no-cache');
    c.header('etag', page.etag);
    c.header('vary', 'accept-encoding');
    c.header('content-type', page.type);
    if (c.req.header('if-none-match') === page.etag) return c.body(null, 304);
    if (page.bytes.length < 1024 || !/^text|json|svg/.test(page.type) || !c.req.header('accept-encoding')?.includes('gzip'))
      return c.body(new Uint8Array(page.bytes));
    page.gzipped ??= compress(page.bytes, { level: 9 });
    c.header('content-encoding', 'gzip');
    return c.body(new Uint8Array(await page.gzipped));
  };
