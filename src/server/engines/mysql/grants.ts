/** What a grant is on. `schema` and `table` are as the server writes them: a schema may be a pattern. */
export interface Grant {
  readonly rights: readonly { readonly right: string; readonly columns: readonly string[] }[];
  readonly scope: 'everything' | 'schema' | 'table' | 'routine' | 'proxy';
  readonly schema: string;
  readonly table: string;
  /** Whether it may be handed on. */
  readonly option: boolean;
  /** Whose it is: an account, a role, or PUBLIC. */
  readonly to: string;
}

/** What is printed of an account's grants, taken apart: no line of it is kept, for one of them may hold a digest of the password. */
export interface Granted {
  readonly grants: readonly Grant[];
  readonly roles: readonly string[];
}

/** A name in quotes of either kind, or a bare one; a doubled quote stands for itself. */
const name = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[^\\s`"\',.@()]+)';
const account = `${name}(?:@${name})?`;
const grantee = new RegExp(` TO (PUBLIC|${name})(?:@${name})?(?: |$)`, 'g');
const privileges = new RegExp(
  `^GRANT ([^\`"']*?(?:\\((?:\\s*${name}\\s*,?)*\\)[^\`"']*?)*) ON (?:(TABLE|FUNCTION|PROCEDURE|PACKAGE|PACKAGE BODY|LIBRARY) )?(\\*|${name})\\.(\\*|${name}) TO `,
);
const proxy = /^GRANT PROXY ON /;
const role = new RegExp(`^GRANT (${account}(?:, ?${account})*) TO `);
/** A server may print what it likes. */
const most = { lines: 5000, line: 100_000, roles: 200 } as const;

const bare = (text: string): string => {
  const quote = text[0] ?? '';
  return '`"\''.includes(quote) && quote !== '' ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
};

function rightsOf(text: string): Grant['rights'] {
  const parts = text.match(new RegExp(`[^,(]+(?:\\((?:\\s*${name}\\s*,?)*\\))?`, 'g')) ?? [];
  return parts.map((part) => {
    const [right = '', inner] = part.split('(', 2);
    const columns = inner === undefined ? [] : (inner.match(new RegExp(name, 'g')) ?? []).map((one) => bare(one.replace(/\)$/, '')));
    return { right: right.trim().toUpperCase(), columns: columns.filter((column) => column !== '') };
  });
}

function grantOf(line: string): Grant | null {
  const option = / WITH (?:.* )?GRANT OPTION/.test(line);
  const to = bare([...line.matchAll(grantee)].at(-1)?.[1] ?? '');
  if (proxy.test(line)) return { rights: [{ right: 'PROXY', columns: [] }], scope: 'proxy', schema: '', table: '', option, to };
  const [, rights, object, schema = '', table = ''] = privileges.exec(line) ?? [];
  if (rights === undefined) return null;
  const routine = object !== undefined && object !== 'TABLE';
  const scope = routine ? 'routine' : schema === '*' ? 'everything' : table === '*' ? 'schema' : 'table';
  return { rights: rightsOf(rights), scope, schema: bare(schema), table: bare(table), option, to };
}

const unknown: Grant = {
  rights: [{ right: 'UNKNOWN', columns: [] }],
  scope: 'everything',
  schema: '*',
  table: '*',
  option: false,
  to: '',
};

/** Takes apart what SHOW GRANTS prints. A line that cannot be read counts as a right of a kind that is not known. */
export function readGrants(lines: readonly string[]): Granted {
  const grants: Grant[] = [];
  const roles: string[] = [];
  for (const line of lines.slice(0, most.lines)) {
    if (line.length > most.line || !line.startsWith('GRANT ')) {
      if (/^(REVOKE|SET DEFAULT ROLE) /.test(line)) continue;
      grants.push(unknown);
      continue;
    }
    const grant = grantOf(line);
    const granted = grant ? null : role.exec(line)?.[1];
    if (grant) grants.push(grant);
    else if (granted) roles.push(...(granted.match(new RegExp(account, 'g')) ?? []).slice(0, most.roles));
    else grants.push(unknown);
  }
  return { grants, roles: [...new Set(roles)].slice(0, most.roles) };
}

/** Whether a schema of a grant, which may hold `%` and `_`, is or covers this one. */
export function covers(pattern: string, schema: string): boolean {
  const parts = pattern.match(/\\.|[\s\S]/g) ?? [];
  const text = parts.map((part) =>
    part === '%' ? '[\\s\\S]*' : part === '_' ? '[\\s\\S]' : part.replace(/^\\/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${text.join('')}$`, 'i').test(schema);
}
