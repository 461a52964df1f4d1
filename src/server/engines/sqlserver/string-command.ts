import type { ParsedString } from '../../../contract/engines.ts';
import { type Draft, fill, finish, list, newDraft } from '../string-draft.ts';
import { listUnknown } from '../string-rules.ts';
import { aboutProgram, callsProgram, judgeEnvironment, type Option, readWords, type Syntax } from '../string-shell.ts';
import { environmentNames } from './string-env.ts';
import { sqlserverWorld } from './string-parameters.ts';

/** The parameter that an option stands for, and what a flag without a value means by it. */
const meanings = new Map<string, readonly [parameter: string, flag: string]>([
  ['S', ['server', '']],
  ['server', ['server', '']],
  ['d', ['database', '']],
  ['database-name', ['database', '']],
  ['U', ['user', '']],
  ['user-name', ['user', '']],
  ['N', ['encrypt', 'true']],
  ['encrypt-connection', ['encrypt', 'true']],
  ['C', ['trustServerCertificate', 'true']],
  ['trust-server-certificate', ['trustServerCertificate', 'true']],
  ['E', ['trustedConnection', 'true']],
  ['use-trusted-connection', ['trustedConnection', 'true']],
  ['G', ['authentication', 'Active Directory']],
  ['use-aad', ['authentication', 'Active Directory']],
  ['authentication-method', ['authentication', 'Active Directory']],
  ['K', ['applicationIntent', '']],
  ['application-intent', ['applicationIntent', '']],
  ['M', ['multiSubnetFailover', 'true']],
  ['multi-subnet-failover', ['multiSubnetFailover', 'true']],
  ['A', ['dedicatedAdminConnection', '']],
  ['dedicated-admin-connection', ['dedicatedAdminConnection', '']],
  ['Z', ['newPassword', '']],
  ['z', ['newPassword', '']],
  ['change-password', ['newPassword', '']],
  ['change-password-exit', ['newPassword', '']],
  ['J', ['serverCertificate', '']],
  ['server-certificate', ['serverCertificate', '']],
  ['F', ['hostNameInCertificate', '']],
  ['hostname-in-certificate', ['hostNameInCertificate', '']],
  ['H', ['workstationID', '']],
  ['workstation-name', ['workstationID', '']],
  ['g', ['columnEncryption', 'Enabled']],
  ['l', ['loginTimeout', '']],
  ['login-timeout', ['loginTimeout', '']],
  ['t', ['queryTimeout', '']],
  ['query-timeout', ['queryTimeout', '']],
  ['a', ['packetSize', '']],
  ['packet-size', ['packetSize', '']],
]);
const encryptWords: Readonly<Record<string, string>> = { s: 'strict', m: 'mandatory', o: 'optional' };

const syntax: Syntax = {
  programs: /(?:^|[\\/])(sqlcmd|osql)(?:\.exe)?$/i,
  places: new Set(['S', 'd', 'U', 'P', 'Z', 'z', 'server', 'database-name', 'user-name', 'password']),
  valued:
    /^([qQiolthswacHKyYvfmJF]|query|input-file|output-file|(authentication|application)-.*|.*-timeout|.*-size|.*-certificate|change-.*)$/,
  joined: /^([NrkX]|encrypt-connection|trust-server-certificate)$/,
};
const about =
  /^([qQiohswcyYvfmrkXbIRVpeuLx]|query|input-file|output-file|(column|row|screen|fixed|variable|print|batch)-.*|headers|echo-input|version|help)$/;

function takeOption(draft: Draft, { name, dashed, value }: Option): void {
  const meaning = meanings.get(name);
  if (name === 'P' || name === 'password') {
    if (value === null || value === '') list(draft, dashed, null, 'not_needed', 'asks for the password: enter it below');
    else fill(draft, 'password', value, dashed);
  } else if (meaning) {
    const [parameter, flag] = meaning;
    const said = value ?? flag;
    // The judge lists what it is told; what stood in the command is how it is found again.
    const before = draft.parameters.length;
    sqlserverWorld.judge(draft, parameter, parameter === 'encrypt' ? (encryptWords[said] ?? said) : said);
    const listed = draft.parameters[before];
    if (listed) draft.parameters[before] = { ...listed, name: dashed };
  } else if (about.test(name)) list(draft, dashed, null, 'not_needed', aboutProgram);
  else listUnknown(draft);
}

/** Whether sqlcmd or a program like it is called. */
export const looksLikeCommand = (text: string): boolean => callsProgram(text, syntax.programs);

/** Reads `sqlcmd -S host,port -d database -U user -P password`, with or without SQLCMDPASSWORD=… before it. */
export function readCommand(text: string): ParsedString {
  const command = readWords(text, syntax);
  const draft = newDraft(sqlserverWorld);
  for (const option of command.options) takeOption(draft, option);
  if (command.positional.length > 0) list(draft, 'further words', null, 'not_needed', aboutProgram);
  judgeEnvironment(draft, command, environmentNames, sqlserverWorld.judge);
  return finish(draft);
}
