/** What can go wrong with the process in which a file is read. */
export type ChildProblem = 'unstarted' | 'refused' | 'ended' | 'memory' | 'flood';

/** A fault of the process, found by us. `result` is SQLite's own code, where it gave one. */
export class ChildError extends Error {
  readonly problem: ChildProblem;
  readonly result: number;

  constructor(problem: ChildProblem, result = 0) {
    super(problem);
    this.name = 'ChildError';
    this.problem = problem;
    this.result = result;
  }
}
