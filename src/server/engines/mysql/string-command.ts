import { type Draft, fill, finishAll, list, newDraft, type World } from '../string-draft.ts';
import type { Kind } from '../string-reader.ts';
import { aboutProgram, type Command, callsProgram, judgeEnvironment, type Option, readWords, type Syntax } from '../string-shell.ts';
import { looksLikeUrl, readUrlDrafts } from './string-url.ts';

/** What a short option is called in full. */
const short: Readonly<Record<string, string>> = { h: 'host', P: 'port', u: 'user', D: 'database', S: 'socket', C: 'compress' };

const syntax: Syntax = {
  programs: /(?:^|\/)(mysql|mariadb)(-?dump|-?admin|-?show|-?import|sh)?(?:\.exe)?$/,
  places: new Set(['h', 'P', 'u', 'D', 'S', 'host', 'port', 'user', 'database', 'socket', 'uri']),
  valued:
    /^(e|r|w|execute|result-file|where|tee|pager|prompt|delimiter|protocol|ssl-.*|tls-.*|default-.*|defaults-.*|login-path|init-command|plugin-dir|max-.*|connect-timeout|tables|ignore-table|compression-algorithms)$/,
  joined: /^(p|password)$/,
  bundles: true,
};

const shortFlags = /^[ABbEefGgHiLNnoqRrstTUVvwXxKldFacI]$/;
const longFlags =
  /^(execute|batch|table|silent|verbose|raw|html|xml|vertical|force|quick|wait|pager|prompt|tee|delimiter|where|result-file|tables|ignore-table|databases|all-databases|(skip|no|disable)-.*|column-names|line-numbers|comments|binary-mode|safe-updates|unbuffered|single-transaction|lock-tables|routines|triggers|events|hex-blob|add-.*|set-gtid-purged|order-by-primary|opt|column-statistics|sql|js|py|json|max-allowed-packet|net-buffer-length|auto-rehash|version|help)$/;

/** The flags of TLS that stand without a value, and mean that they are on. */
const takesTrue = (name: string): boolean => /ssl|tls|cleartext|infile|server-public-key/.test(name);

function takeOption(draft: Draft, { name, dashed, value }: Option): void {
  const full = short[name] ?? name;
  if (full === 'p' || full === 'password') {
    if (value === null) list(draft, dashed, null, 'not_needed', 'asks for the password: enter it below');
    else fill(draft, 'password', value, dashed);
  } else if (full === 'skip-ssl' || full === 'skip-ssl-verify-server-cert') draft.world.judge(draft, dashed, 'true');
  else if (shortFlags.test(full) || longFlags.test(full)) list(draft, dashed, null, 'not_needed', aboutProgram);
  else if (full !== 'uri') draft.world.judge(draft, full === name ? dashed : `--${full}`, value ?? (takesTrue(full) ? 'true' : ''));
}

/** What the command connects to, where it is a URL: mysqlsh takes one, and there its scheme may be missing. */
function targetOf({ program, options, positional }: Command): string | undefined {
  const target = options.find(({ name }) => name === 'uri')?.value ?? positional[0];
  if (target === undefined || looksLikeUrl(target)) return target;
  return /sh(\.exe)?$/.test(program) && target.includes('@') ? `mysql://${target}` : undefined;
}

/** The words that stand alone: the database, and a password that was put apart from -p, which the client itself would refuse. */
function wordsOf({ program, options, positional }: Command): { password?: string; database?: string; more: boolean } {
  const piped = positional.findIndex((word) => /^\d?[<>|&]/.test(word));
  const words = piped < 0 ? positional : positional.slice(0, piped);
  const asked = options.some(({ name, value }) => (name === 'p' || name === 'password') && value === null);
  const [first, second, ...rest] = words;
  if (first === undefined || /admin(\.exe)?$/.test(program)) return { more: words.length > 0 };
  if (asked && second !== undefined && /(?:^|\/)(mysql|mariadb)(\.exe)?$/.test(program))
    return { password: first, database: second, more: rest.length > 0 };
  return { database: first, more: words.length > 1 };
}

function readCommand(world: World, text: string): [Draft, ...Draft[]] {
  const command = readWords(text, syntax);
  const target = targetOf(command);
  const drafts: [Draft, ...Draft[]] = target === undefined ? [newDraft(world)] : readUrlDrafts(world, target);
  const { password, database, more } = wordsOf(command);
  for (const draft of drafts) {
    for (const option of command.options) takeOption(draft, option);
    if (password !== undefined) fill(draft, 'password', password, 'word after -p');
    if (database !== undefined && target === undefined) fill(draft, 'database', database);
    if (more) list(draft, 'further words', null, 'not_needed', aboutProgram);
    judgeEnvironment(draft, command, environment, world.judge);
  }
  return drafts;
}

const environment = new Map([
  ['MYSQL_PWD', 'password'],
  ['MYSQL_HOST', 'host'],
  ['MYSQL_TCP_PORT', 'port'],
  ['MYSQL_UNIX_PORT', 'socket'],
]);

/** `mysql -h … -u … -p…`, and the programs like it. */
export const commandKind = (world: World): Kind => ({
  likeness: (text) => (callsProgram(text, syntax.programs) ? 0.95 : 0),
  read: (text) => finishAll(readCommand(world, text)),
});
