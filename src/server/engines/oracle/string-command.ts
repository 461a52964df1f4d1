import type { ParsedString } from '../../../contract/engines.ts';
import { type Draft, finishAll, list, newDraft } from '../string-draft.ts';
import { aboutProgram, type Command, callsProgram, judgeEnvironment, readWords, type Syntax } from '../string-shell.ts';
import { environmentNames } from './string-env.ts';
import { listAdmin, oracleWorld } from './string-parameters.ts';
import { fillLoginAlone, readLogin } from './string-url.ts';

const syntax: Syntax = {
  programs: /(?:^|[\\/])(sqlplusw?|sqlcl|sql|expdp|impdp)(?:\.exe)?$/i,
  places: new Set(),
  valued: /^[CMRcmr]$/,
};

/** Whether sqlplus or a program like it is called; a program that is called sql alone needs a login to be one. */
export const looksLikeCommand = (text: string): boolean =>
  callsProgram(text, /(?:^|[\\/])(sqlplusw?|sqlcl|expdp|impdp)(?:\.exe)?$/i) ||
  /^\s*(?:[$#>]\s+)?sql\s+(?:-\S{1,20}\s+){0,5}[^\s@]+@/.test(text);

function draftsOf(login: string): [Draft, ...Draft[]] {
  if (login.includes('@')) return readLogin(login);
  const draft = newDraft(oracleWorld);
  if (login.startsWith('/') && !/^\/nolog$/i.test(login))
    list(draft, 'login', null, 'blocked', 'would sign in with the account of the gateway');
  else if (!login.startsWith('/')) fillLoginAlone(draft, login);
  return [draft];
}

function take(draft: Draft, command: Command): void {
  const [, ...rest] = command.positional;
  if (/^as$/i.test(rest[0] ?? '') && rest[1] !== undefined) listAdmin(draft, 'as');
  else if (rest.length > 0) list(draft, 'further words', null, 'not_needed', aboutProgram);
  for (const { dashed } of command.options) list(draft, dashed, null, 'not_needed', aboutProgram);
  judgeEnvironment(draft, command, environmentNames, oracleWorld.judge);
}

/** Reads `sqlplus user/password@host:port/service`, with its options and what follows it. */
export function readCommand(text: string): ParsedString {
  const command = readWords(text, syntax);
  const drafts = draftsOf(command.positional[0] ?? '');
  for (const draft of drafts) take(draft, command);
  return finishAll(drafts);
}
