import { type Limits, type LimitsInput, queryLimits } from '../../../contract/limits.ts';
import { count } from '../../ui/when.tsx';
import type { Mistake } from './check-draft.ts';

/** The limits of queries as they are typed: empty where the usual one holds. */
export interface LimitsDraft {
  readonly maxRows: string;
  readonly maxBytes: string;
  readonly timeoutMs: string;
}

interface LimitField {
  readonly name: keyof LimitsDraft;
  readonly label: string;
  /** How much of the server's unit one of the typed unit is. */
  readonly unit: number;
  readonly least: number;
  readonly most: number;
}

/** What can be lowered, in the units that people type. */
export const limitFields: readonly LimitField[] = [
  { name: 'maxRows', label: 'Rows', unit: 1, least: 1, most: queryLimits.mostRows },
  { name: 'maxBytes', label: 'Size in kB', unit: 1024, least: 1, most: queryLimits.bytes / 1024 },
  { name: 'timeoutMs', label: 'Seconds', unit: 1000, least: 0.1, most: queryLimits.timeoutMs / 1000 },
];

/** What to type for the limits as they are. */
export function limitsDraftOf(limits: Limits): LimitsDraft {
  const typed = ({ name, unit }: LimitField) => [name, limits[name] === null ? '' : String(limits[name] / unit)] as const;
  return { maxRows: '', maxBytes: '', timeoutMs: '', ...Object.fromEntries(limitFields.map(typed)) };
}

const isNumber = (text: string): boolean => /^\d{1,9}([.,]\d{1,10})?$/.test(text);
const inUnits = (text: string, unit: number): number => Math.round(Number(text.replace(',', '.')) * unit);

/** Whether any limit is lowered. */
export const lowersLimits = (draft: LimitsDraft): boolean => limitFields.some(({ name }) => draft[name].trim() !== '');

/** What was typed, as the server takes it; what is wrong with it is said by `mistakesInLimits`. */
export function limitsOf(draft: LimitsDraft): LimitsInput {
  return Object.fromEntries(
    limitFields.map(({ name, unit }) => [name, draft[name].trim() === '' ? null : inUnits(draft[name].trim(), unit)]),
  );
}

/** What is no limit: not a number, or more than holds everywhere. */
export function mistakesInLimits(draft: LimitsDraft): Mistake[] {
  return limitFields.flatMap(({ name, unit, least, most }) => {
    const text = draft[name].trim();
    if (text === '') return [];
    const value = isNumber(text) ? inUnits(text, unit) : Number.NaN;
    const fits = value >= least * unit && value <= most * unit && (unit > 1 || /^\d+$/.test(text));
    return fits ? [] : [{ path: `limits.${name}`, message: `Enter a number from ${least} to ${count(most)}, or nothing.` }];
  });
}

/** The lowered limits in words; null where all are the usual ones. */
export function sayLimits({ maxRows, maxBytes, timeoutMs }: Limits): string | null {
  const said = [
    maxRows !== null && `${count(maxRows)} ${maxRows === 1 ? 'row' : 'rows'}`,
    maxBytes !== null && `${count(Math.round(maxBytes / 1024))} kB`,
    timeoutMs !== null && `${timeoutMs / 1000} s`,
  ].filter(Boolean);
  return said.length === 0 ? null : `At most ${said.join(', ')}`;
}
