import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../../platform/fault.ts';
import type { FilesPlace, SampleDatabase } from '../../engine.ts';

const file = 'portcullis-sample.db';
/** Stands in the header of a sample, so that no other file of that name is taken for one: "PCS1". */
export const applicationId = 0x50435331;

async function isSample(path: string): Promise<boolean | null> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!handle) return null;
  try {
    const { buffer } = await handle.read(Buffer.alloc(72), 0, 72, 0);
    return buffer.readUInt32BE(68) === applicationId;
  } finally {
    await handle.close();
  }
}

/** Writes it beside its place and links it there whole: nobody ever sees half of it, and nothing that is there is replaced. */
async function write(root: string, path: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const draft = join(root, `.${randomUUID()}.draft`);
  try {
    const worker = new Worker(new URL(`./write-sample${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
      workerData: { path: draft },
    });
    await once(worker, 'exit');
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

async function make({ root }: FilesPlace): Promise<{ file: string }> {
  const path = join(root, file);
  if ((await isSample(path)) === null) await write(root, path);
  if (!(await isSample(path))) {
    throw new Fault('name.taken', {
      detail: `Another file is called ${file} in the folder of this organisation. Rename it, and try again.`,
    });
  }
  return { file };
}

/** A bicycle hire scheme with 24 tables and some thousand rows, the same every time. */
export const sample: SampleDatabase = {
  name: 'Sample: bicycle hire',
  description:
    'A made-up city hires out bicycles: stations and docks, bicycles and their models, riders with memberships, trips, payments and refunds, ' +
    'incidents and the workshop that repairs, vans that rebalance stations, the weather, and what riders write. July 2025 to June 2026.',
  make,
};
