import { type Draft, fill, list, newDraft, problem } from '../string-draft.ts';
import { placesOf } from '../string-url.ts';
import { listAdmin, oracleWorld } from './string-parameters.ts';
import { takeTarget, targetLikeness } from './string-target.ts';

interface Way {
  readonly login: string | null;
  readonly target: string;
  readonly doubt: number;
}

const wayAt = (text: string, at: number): Way | null => {
  const target = text.slice(at + 1).trim();
  const login = text.slice(0, at);
  const sure = targetLikeness(target);
  const quote = login.indexOf('/"');
  // A quote that opens the password has to close it.
  if (sure === 0 || (quote >= 0 && !/^[^"]*"\s*$/.test(login.slice(quote + 2)))) return null;
  return { login, target, doubt: (1 - sure) * 4 + (target.includes('@') ? 6 : 0) };
};

/** Every way to read user/password@target or a target alone, the likeliest first; passwords stand as they are. */
function waysOf(text: string): Way[] {
  const alone = text.includes('@')
    ? targetLikeness(text) > 0
      ? [{ login: null, target: text, doubt: 9 }]
      : []
    : [{ login: null, target: text, doubt: 0 }];
  const ways = placesOf(text, '@')
    .map((at) => wayAt(text, at))
    .filter((way) => way !== null);
  return [...ways, ...alone].sort((a, b) => a.doubt - b.doubt);
}

function takeLogin(draft: Draft, login: string): void {
  const slash = login.indexOf('/');
  const user = (slash < 0 ? login : login.slice(0, slash)).trim();
  const [, name = user, other] = /^([^[]*)\[([^\]]*)\]$/.exec(user) ?? [];
  if (other !== undefined) {
    list(draft, 'proxy user', null, 'blocked', 'would sign in as one user on behalf of another');
    problem(draft, 'username', 'The login signs in on behalf of another user: give the login itself.');
  }
  if (user === '') list(draft, 'login', null, 'blocked', 'would sign in with the account or the wallet of the gateway');
  fill(draft, 'username', name.replace(/^"(.*)"$/, '$1'));
  const password = slash < 0 ? '' : login.slice(slash + 1);
  fill(draft, 'password', /^"[^"]*"\s*$/.test(password) ? password.trim().slice(1, -1) : password);
}

/** Reads user/password@target, or a target alone, with `as sysdba` or not: a draft for every way. */
export function loginDrafts(written: string, begin?: (draft: Draft) => void): Draft[] {
  const [, text = written, role] = /^(.*\S)\s+as\s+(sys\w{2,8})$/is.exec(written) ?? [];
  const ways = waysOf(text);
  return ways.map(({ login, target }) => {
    const draft = newDraft(oracleWorld, ways.length > 1);
    begin?.(draft);
    if (login !== null) takeLogin(draft, login);
    takeTarget(draft, target);
    if (role) listAdmin(draft, `as ${role.toLowerCase()}`);
    return draft;
  });
}

/** How sure it is that a text is user/password@target or a target: a word and an @ could be anything. */
export function loginLikeness(text: string): number {
  if (/[\r\n]/.test(text) || (text.includes('://') && !/^tcps?:\/\//i.test(text) && !/@tcps?:\/\//i.test(text))) return 0;
  if (!text.includes('@')) return targetLikeness(text);
  if (!/^(?:[^\s/@:=]+(?:\/|@)|\/@)/.test(text)) return 0;
  const [best] = waysOf(text.replace(/\s+as\s+sys\w{2,8}$/i, ''));
  return best ? (best.login === null ? 0.1 : targetLikeness(best.target)) : 0;
}
