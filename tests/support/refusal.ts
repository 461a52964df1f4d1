import { ProblemError } from '../../src/contract/client.ts';

/** The problem a refused call tells, reduced to what a caller branches on. */
export const refusal = async (work: Promise<unknown>): Promise<{ code: string; field?: string; stage?: string }> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProblemError) {
      const { code, field, stage } = error.problem;
      return { code, ...(field ? { field } : {}), ...(stage ? { stage } : {}) };
    }
    throw error;
  }
  throw new Error('it was not refused');
};
