import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/*
 * The thread that watches over the process of a session while SQLite has the other one: when whoever started it is gone nobody else could end
 * a statement, and SQLite as Node builds it keeps no account of its memory.
 */
const { lifeline, mostBytes } = workerData as { readonly lifeline: number; readonly mostBytes: number };
const everyMs = 100;

const socket = new Socket({ fd: lifeline, readable: true, writable: false });
socket.on('error', () => undefined).on('close', () => process.kill(process.pid, 'SIGKILL'));
socket.resume();
// By another signal, so that the other side can tell why.
setInterval(() => {
  if (process.memoryUsage.rss() > mostBytes) process.kill(process.pid, 'SIGTERM');
}, everyMs);
