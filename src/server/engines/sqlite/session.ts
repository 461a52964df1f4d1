import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Session } from '../engine.ts';
import { Pace } from '../network/pace.ts';
import { ChildError } from './child-error.ts';
import type { FoundFile } from './file.ts';
import { FrameCutter, frameOf, type Hello, type Reply, type Request } from './frames.ts';

/** A live session of SQLite: one process that reads one file. */
export interface SqliteSession extends Session {
  /** The name by which people know the file. */
  readonly name: string;
  readonly path: string;
  readonly version: string;
  /** SQLite's codes with which it refused a write: by the file being open for reading, and by its authorizer. */
  readonly refusals: readonly number[];
  /** For the tests: the process. */
  readonly pid: number;
  /** Asks the child; `heard` is given each message but the last, which is the answer. It may send so many bytes. */
  ask(request: Request, allowed: number, heard?: (reply: Reply) => void): Promise<Reply>;
  /** Ends the process at once, with the reason that whoever waits is told. */
  kill(reason: Error): void;
}

const closingMs = 500;
/** Bytes that the child may say before it is asked anything. */
const greetingBytes = 64 * 1024;

interface Waiting {
  readonly heard: (reply: Reply) => void;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** What is left of the world to the child: no variable of ours, no terminal, the two pipes. The file ends as this one does. */
function startChild(): ChildProcess {
  const file = fileURLToPath(new URL(`./session-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=192'];
  return spawn(process.execPath, [...flags, file], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: {}, cwd: '/' });
}

/** Starts the process for a file that was found, and waits until it has proved that it reads alone. */
export async function startSession(name: string, found: FoundFile, signal: AbortSignal): Promise<SqliteSession> {
  const child = startChild();
  const pipe = child.stdio[3] as Duplex;
  const lifeline = child.stdio[4] as Duplex;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const cutter = new FrameCutter();
  let left = greetingBytes;
  let waiting: Waiting | null = null;
  let ended: Error | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function end(reason: Error): void {
    ended ??= reason;
    child.kill('SIGKILL');
    pipe.destroy();
    lifeline.destroy();
    waiting?.reject(ended);
    waiting = null;
  }
  const pace = new Pace(() => pipe.resume());
  const take = (chunk: Buffer) => {
    left -= chunk.length;
    if (pace.took(chunk.length)) pipe.pause();
    if (left < 0) return end(new ChildError('flood'));
    for (const text of cutter.take(chunk)) {
      const reply = JSON.parse(text) as Reply;
      if (reply.kind === 'rows') waiting?.heard(reply);
      else {
        const { resolve } = waiting ?? { resolve: () => undefined };
        waiting = null;
        resolve(reply);
      }
    }
  };
  for (const stream of [pipe, lifeline]) stream.on('error', () => undefined);
  pipe.on('data', take);
  child.once('error', () => end(new ChildError('unstarted')));
  child.once('close', (_code, ended) => end(new ChildError(ended === 'SIGTERM' ? 'memory' : 'ended')));
  const abort = () => end(signal.reason instanceof Error ? signal.reason : new ChildError('ended'));
  signal.addEventListener('abort', abort);
  gone.then(() => signal.removeEventListener('abort', abort));

  const send = (message: Request | Hello, allowed: number, heard: (reply: Reply) => void): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      waiting = { heard, resolve, reject };
      left = allowed;
      pipe.write(frameOf(JSON.stringify(message)));
    });
  const { path, dev, ino } = found;
  try {
    if (signal.aborted) abort();
    const ready = await send({ path, dev: String(dev), ino: String(ino) }, greetingBytes, () => undefined);
    if (ready.kind !== 'ready') throw new ChildError('refused', ready.kind === 'error' ? ready.code : 1);
    return {
      name,
      path,
      version: ready.version,
      refusals: ready.refusals,
      pid: child.pid ?? 0,
      certificate: null,
      get usable() {
        return ended === null;
      },
      ask(request, allowed, heard = () => undefined) {
        const next = last.then(() => send(request, allowed, heard));
        last = next.catch(() => undefined);
        return next;
      },
      kill: end,
      async close() {
        // Idle, it ends by itself when its pipe does; in the middle of a statement it has to be ended.
        const timer = setTimeout(() => end(new ChildError('ended')), waiting === null ? closingMs : 0);
        ended ??= new ChildError('ended');
        pipe.end();
        lifeline.end();
        await gone;
        clearTimeout(timer);
      },
    };
  } catch (error) {
    end(error instanceof Error ? error : new ChildError('ended'));
    await gone;
    throw error;
  }
}
