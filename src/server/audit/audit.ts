/** What was done, by whom, with what outcome: append-only rows. The only door of this feature. */
export { type NewRecord, record } from './record.ts';
