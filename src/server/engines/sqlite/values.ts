import type { Cell } from '../engine.ts';

/** A value of the catalogue as text; what is missing is empty. */
export const text = (value: Cell | undefined): string => (value === null || value === undefined ? '' : String(value));
/** Whether a value of the catalogue is set: neither missing nor zero. */
export const truly = (value: Cell | undefined): boolean => value !== null && value !== undefined && value !== 0 && value !== '0';
