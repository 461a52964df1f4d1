import type { AddressInfo } from 'node:net';
import { serve as listen, type ServerType } from '@hono/node-server';
import { type BuiltServer, buildServer } from './build.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { Fault } from './platform/fault.ts';
import { createLog } from './platform/log.ts';

/** Milliseconds that requests and jobs under way are given when the process is told to stop. */
const DRAIN = 10_000;

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly built: BuiltServer;
  /** Stops taking requests, lets those under way end, and closes the store. */
  stop(): Promise<void>;
}

/** Builds the server and listens; the tests' way in as well as the command's. */
export async function startServer(config: Config, log = createLog(config.logLevel)): Promise<RunningServer> {
  const built = await buildServer(config, log);
  let server: ServerType | undefined;
  try {
    server = await new Promise<ServerType>((resolve, reject) => {
      const starting = listen(
        {
          fetch: built.fetch,
          hostname: config.host,
          port: config.port,
          serverOptions: { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 5_000 },
        },
        () => resolve(starting),
      );
      starting.once('error', reject);
    });
    const { port } = server.address() as AddressInfo;
    await built.listening(port);
    let stopping: Promise<void> | undefined;
    const listener = server;
    return {
      url: built.baseUrl(),
      port,
      built,
      stop() {
        stopping ??= stop(listener, built);
        return stopping;
      },
    };
  } catch (error) {
    // A listener without its jobs would keep the process alive and half of it answering.
    if (server) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }
    await built.close();
    throw error;
  }
}

async function stop(server: ServerType, built: BuiltServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  built.drain();
  const late = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), DRAIN);
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  await closed;
  clearTimeout(late);
  await built.close();
}

/** The command `portcullis serve`: runs until told to stop. */
export async function serve(): Promise<void> {
  const begun = performance.now();
  // What we write is for this system user alone.
  process.umask(0o077);
  let running: RunningServer;
  try {
    const config = readConfig();
    running = await startServer(config);
    await announce(running, config, Math.round(performance.now() - begun));
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    process.exitCode = 1;
    return;
  }
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second signal means now.
      if (stopping) process.exit(1);
      stopping = true;
      process.stdout.write('Stopping: waiting for what is under way.\n');
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

async function announce({ url, built }: RunningServer, config: Config, ms: number): Promise<void> {
  const lines = [`Portcullis ${built.version} listens on ${url} (ready in ${ms} ms)`];
  if (built.notice) lines.push(built.notice);
  if (config.databaseUrl === null) lines.push(`It keeps its store in ${config.dataDir}`);
  if (!built.webBuilt) lines.push('The web app is not built: run `npm run build:web`, then start again.');
  const token = await built.setupToken();
  if (token !== null) {
    lines.push(`There is no Admin yet: open ${url} or run \`npx portcullis setup\` to create the first one.`);
    lines.push(`Setup token, needed unless you come over loopback: ${token}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function explainStart(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Fault) return `Portcullis does not start: ${error.message}`;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Portcullis does not start: port ${port} is in use. Stop what listens there, or set PORTCULLIS_PORT.`;
  if (code === 'EACCES' || code === 'EPERM')
    return 'Portcullis does not start: the port or the data folder may not be used by this system user.';
  return `Portcullis does not start: ${error instanceof Error ? `${error.name}${code ? ` ${code}` : ''}` : 'unknown reason'}. Run with PORTCULLIS_LOG_LEVEL=debug for more.`;
}
