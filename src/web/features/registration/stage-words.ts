import type { StageName, StageResult } from '../../../contract/connections.ts';
import { stageNames } from '../../../contract/connections.ts';

/** What each stage of the test does, in plain words. */
export const stageWords: Record<StageName, string> = {
  parse: 'Read the details',
  dns: 'Find the host',
  network: 'Check that the address is allowed',
  tcp: 'Reach the port',
  tunnel: 'Open the tunnel',
  tls: 'Encrypt the connection',
  auth: 'Sign in',
  database: 'Open the database',
  version: 'Recognise the server',
  read: 'Read, and prove that it cannot write',
  privilege: 'Find out what the credential can do',
  catalog: 'See the tables',
};

/** A line of the list: a stage with its result, under way, or still to come. */
export interface StageLine {
  readonly stage: StageName;
  readonly state: StageResult['status'] | 'running' | 'waiting' | 'not_reached';
  readonly result: StageResult | null;
}

/** The whole list, in order. A stage that was not needed leaves no line; `through`: whether there is a tunnel to come. */
export function stageLines(stages: readonly StageResult[], running: boolean, begun: boolean, through = false): StageLine[] {
  const results = new Map(stages.map((result) => [result.stage, result]));
  const failed = stages.some(({ status }) => status === 'failed');
  let current = running && !failed;
  const lines = stageNames.map((stage): StageLine => {
    const result = results.get(stage) ?? null;
    if (result) return { stage, state: result.status, result };
    const last = stageNames.findLastIndex((name) => results.has(name));
    if (current && stageNames.indexOf(stage) > last && (through || stage !== 'tunnel')) {
      current = false;
      return { stage, state: 'running', result: null };
    }
    return { stage, state: begun && !running ? 'not_reached' : 'waiting', result: null };
  });
  return lines.filter(({ stage, state, result }) => state !== 'skipped' && (through || stage !== 'tunnel' || result !== null));
}
