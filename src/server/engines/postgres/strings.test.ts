import { describe, expect, it } from 'vitest';
import type { ParsedString } from '../../../contract/engines.ts';
import { readConnectionString } from '../strings.ts';
import { postgresStrings } from './strings.ts';

const read = (text: string): ParsedString => postgresStrings.read(text);
const use = (parsed: ParsedString, name: string) => parsed.parameters.find((parameter) => parameter.name === name);

/** What the form gets, in one line. */
function form(parsed: ParsedString): Record<string, unknown> {
  const { host, port, database } = parsed.address;
  return { host, port, database, ...parsed.credentials };
}
const sales = { host: 'db.example.com', port: 5433, database: 'sales', username: 'reader', password: 'pa55' };

describe('reading a pasted string', () => {
  it.each([
    ['URL', 'postgres://reader:pa55@db.example.com:5433/sales'],
    ['URL in quotes', '"postgresql://reader:pa55@db.example.com:5433/sales";'],
    ['URL of another driver', 'postgresql+psycopg2://reader:pa55@db.example.com:5433/sales'],
    ['URL with login in the query', 'postgresql://db.example.com:5433/sales?user=reader&password=pa55'],
    ['JDBC', 'jdbc:postgresql://db.example.com:5433/sales?user=reader&password=pa55&ssl=true'],
    ['keywords', "host=db.example.com port=5433 dbname='sales' user = reader password='pa55'"],
    ['.NET', 'Host=db.example.com;Port=5433;Username=reader;Password=pa55;Database=sales;SSL Mode=Require'],
    ['psql', 'PGPASSWORD=pa55 psql -h db.example.com -p 5433 -U reader -d sales'],
    ['psql, joined', '$ PGPASSWORD="pa55" psql -hdb.example.com --port=5433 --username reader sales -c "select 1"'],
    ['psql, positional', 'PGPASSWORD=pa55 psql --host db.example.com --port 5433 sales reader'],
    ['psql, several lines', 'export PGPASSWORD=pa55; psql \\\n  -h db.example.com \\\n  -p 5433 -U reader \\\n  -d sales'],
    ['psql with URL', "psql 'postgres://reader:pa55@db.example.com:5433/sales?sslmode=require'"],
    ['psql with keywords', 'psql "host=db.example.com port=5433 dbname=sales user=reader password=pa55"'],
    ['.env URL', 'DATABASE_URL="postgres://reader:pa55@db.example.com:5433/sales"'],
    ['exported URL', 'export DB_URL=postgres://reader:pa55@db.example.com:5433/sales # the shop'],
    ['PG variables', 'PGHOST=db.example.com\nPGPORT=5433\nPGDATABASE=sales\nPGUSER=reader\nPGPASSWORD=pa55'],
    ['DB variables', 'DB_HOST=db.example.com\nDB_PORT=5433\nDB_NAME=sales\nDB_USER=reader\nDB_PASSWORD="pa55"\nSECRET_KEY=abc'],
    [
      'compose',
      'environment:\n  - POSTGRES_HOST=db.example.com\n  - POSTGRES_PORT=5433\n  - POSTGRES_USER=reader\n  - POSTGRES_PASSWORD=pa55\n  - POSTGRES_DB=sales',
    ],
    [
      'compose, mapping',
      'POSTGRES_HOST: db.example.com\nPOSTGRES_PORT: "5433"\nPOSTGRES_USER: reader\nPOSTGRES_PASSWORD: pa55\nPOSTGRES_DB: sales',
    ],
  ])('%s', (_, text) => {
    const parsed = read(text);
    expect(form(parsed)).toEqual(sales);
    expect(parsed.problems).toEqual([]);
    expect(parsed.address).toMatchObject({ tls: { mode: 'verify-full' }, ssh: null });
    expect(postgresStrings.recognises(text)).toBeGreaterThan(0.3);
    expect(JSON.stringify(parsed.parameters)).not.toMatch(/pa55|abc/);
  });

  it('leaves empty what is not there, but for the usual port, which it says', () => {
    const parsed = read('postgres://db.example.com');
    expect(form(parsed)).toEqual({ host: 'db.example.com', port: 5432 });
    expect(use(parsed, 'port')).toMatchObject({ value: '5432', use: 'used' });
    expect(parsed.problems).toEqual([]);
  });

  it.each([
    ['sslmode=disable', 'used', /Admin/, 'disable'],
    ['sslmode=require', 'used', /Strengthened/, 'verify-full'],
    ['sslmode=verify-full', 'used', /verified/, 'verify-full'],
    ['SSLMODE=verify-ca', 'used', /Strengthened/, 'verify-full'],
    ['sslmode=no-verify', 'blocked', /any certificate/, 'verify-full'],
    ['sslmode=__proto__', 'blocked', /not a value/, 'verify-full'],
    ['ssl=0', 'blocked', /switch encryption off/, 'verify-full'],
    ['sslkey=/etc/ssl/private/ssl-cert-snakeoil.key', 'blocked', /read a file on the gateway/, 'verify-full'],
    ['sslrootcert=/etc/passwd', 'blocked', /read a file on the gateway/, 'verify-full'],
    ['sslrootcert=system', 'not_needed', /verified/, 'verify-full'],
    ['passfile=/root/.pgpass', 'blocked', /read a file on the gateway/, 'verify-full'],
    ['service=prod', 'blocked', /read a file on the gateway/, 'verify-full'],
    ['host=169.254.169.254', 'blocked', /replace the host/, 'verify-full'],
    ['h%6fst=169.254.169.254', 'blocked', /replace the host/, 'verify-full'],
    ['hostaddr=169.254.169.254', 'blocked', /another address/, 'verify-full'],
    ['port=22', 'blocked', /replace the port/, 'verify-full'],
    ['USER=root', 'blocked', /replace the username/, 'verify-full'],
    ['password=0ther!', 'blocked', /replace the password/, 'verify-full'],
    ['options=-c%20default_transaction_read_only%3Doff', 'blocked', /server parameters/, 'verify-full'],
    ['search_path=evil', 'blocked', /search path/, 'verify-full'],
    ['application_name=me', 'not_needed', /portcullis/, 'verify-full'],
    ['target_session_attrs=read-write', 'not_needed', /one host/, 'verify-full'],
    ['connect_timeout=10', 'not_needed', /time limits/, 'verify-full'],
    ['channel_binding=require', 'not_needed', /certificate/, 'verify-full'],
    ['gssencmode=disable', 'not_needed', /Kerberos/, 'verify-full'],
    ['krbsrvname=postgres', 'blocked', /Kerberos ticket/, 'verify-full'],
    ['pgbouncer=true', 'not_needed', /pooler/, 'verify-full'],
    ['schema=public', 'not_needed', /every schema/, 'verify-full'],
    ['socketFactory=org.springframework.context.support.ClassPathXmlApplicationContext', 'blocked', /load code/, 'verify-full'],
  ])('judges ?%s as %s', (query, judged, reason, mode) => {
    const parsed = read(`postgres://reader:pa55@db.example.com:5433/sales?${query}`);
    const name = decodeURIComponent(query.split('=')[0] ?? '').toLowerCase();
    const found = parsed.parameters.filter((parameter) => parameter.name === name).at(-1);
    expect(found).toMatchObject({ use: judged, reason: expect.stringMatching(reason) });
    expect(form(parsed)).toEqual(sales);
    expect(parsed.address.tls).toEqual({ mode });
    expect(JSON.stringify(parsed.parameters)).not.toMatch(/pa55|0ther|s3cret|read_only%3Doff|=off/);
  });

  it.each([
    'postgres://reader:pa55@db.example.com/sales?constructor=1',
    'postgres://reader:pa55@db.example.com/sales?made_up=s3cret',
    // An unquoted password with a blank in it: what follows looks like a name.
    'host=db.example.com user=reader password=pa55 made_up=more',
    'Host=db.example.com;Username=reader;Password=pa55;made_up=more',
    'psql "host=db.example.com user=reader password=pa55 made_up=more"',
  ])('blocks what is unknown in %s, without its name', (text) => {
    const { parameters } = read(text);
    expect(parameters).toContainEqual({ name: 'unknown', value: null, use: 'blocked', reason: expect.stringMatching(/not on the list/) });
    expect(JSON.stringify(parameters)).not.toMatch(/made_up|constructor|s3cret|more/);
  });

  it.each([
    'postgres:///sales?host=/var/run/postgresql',
    'postgres://%2Fvar%2Frun%2Fpostgresql/sales',
    'host=/tmp dbname=sales',
    'psql -h /tmp sales',
  ])('refuses the socket of %s', (text) => {
    const parsed = read(text);
    expect(parsed.address.host).toBeUndefined();
    expect(parsed.problems).toMatchObject([{ field: 'address.host' }]);
    expect(parsed.parameters).toContainEqual(expect.objectContaining({ use: 'blocked', reason: expect.stringMatching(/socket/) }));
  });

  it.each(['postgres://u:p@a.example:1,b.example:2/sales', 'host=a.example,b.example dbname=sales'])(
    'refuses the several hosts of %s',
    (text) => {
      expect(read(text).problems).toMatchObject([{ field: 'address.host', message: expect.stringMatching(/several hosts/) }]);
    },
  );

  it.each([
    ['postgres://reader@db.example.com:99999/sales', 'address.port'],
    ['postgres://rea%00der:x@db.example.com/sales', 'credentials.readOnly.username'],
    ['postgres://reader:x@db example/sales', 'address.host'],
    ["host=db password='torn", null],
    ['psql -h $DB_HOST -U reader sales', null],
  ])('names the problem of %s', (text, field) => {
    expect(read(text).problems[0]?.field ?? null).toBe(field);
  });

  it('offers every split of an ambiguous password, the likeliest first', () => {
    const parsed = read('postgres://reader:p@ss/w:rd?#@db.example.com:5433/sales');
    expect(form(parsed)).toEqual({ ...sales, password: 'p@ss/w:rd?#' });
    const odd = read('postgres://reader:p@h.example/x@db.example.com:5433/sales');
    expect(form(odd).password).toBe('p@h.example/x');
    expect(odd.alternatives.map((other) => other.address.host)).toContain('h.example');
    const named = read('postgres://reader:pa55@db.example.com:5433/sales?application_name=me@corp.example');
    expect(form(named)).toEqual(sales);
  });

  it('offers the other databases of a file as alternatives', () => {
    const parsed = read('DATABASE_URL=postgres://a:1@one.example/x\nDIRECT_URL=postgres://a:2@two.example/x');
    expect([parsed, ...parsed.alternatives].map((one) => one.address.host)).toEqual(['one.example', 'two.example']);
  });

  it('is chosen only for what it knows', () => {
    expect(readConnectionString('hello world')).toBeNull();
    expect(readConnectionString('mysql://a:b@c/d', 'postgresql')).toBeNull();
    expect(readConnectionString('FOO=bar')).toBeNull();
    expect(readConnectionString('postgres://a@b/c', 'mysql')).toBeNull();
    expect(readConnectionString(`postgres://${'@'.repeat(9000)}`)).toBeNull();
    expect(readConnectionString('postgres://a@b/c', 'postgresql')?.dbType).toBe('postgresql');
  });

  it('is quick with nonsense', () => {
    const started = performance.now();
    for (const piece of ['@', ':', '/', '?', '=', "'", '"', '\\', ' ', 'a=', "a='", '@a:1', ',a', '%41', 'X=', '\nX=y', '$(']) {
      for (const start of ['postgres://', 'jdbc:postgresql://', 'host=', 'psql ', 'PGHOST=', 'Host=a;', '']) {
        const text = (start + piece.repeat(4000)).slice(0, 8192);
        readConnectionString(text);
        postgresStrings.read(text);
      }
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

// A small generator with a fixed seed: a failure can be repeated.
function dice(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const word = (alphabet: string, most: number) =>
    Array.from({ length: 1 + next(most) }, () => [...alphabet][next([...alphabet].length)]).join('');
  return { next, word };
}

describe('whatever the password is, it comes through', () => {
  const { next, word } = dice(20_260_101);
  const cases = Array.from({ length: 300 }, () => ({
    host: `${word('abcdefghijklmnopqrstuvwxyz0123456789', 12)}.${word('abc-x', 3).replace(/^-|-$/g, 'x')}.example`,
    port: 1 + next(65_535),
    database: word('abcXYZ_09-', 12),
    username: word('abcXYZ_09.-', 12),
    password: word('abcXYZ019 @:/?#%&=+\'"\\$!;,[]{}()<>^~`|*€ü🚚', 20),
  }));
  const encode = encodeURIComponent;

  it('in an encoded URL', () => {
    for (const one of cases) {
      const parsed = read(
        `postgres://${encode(one.username)}:${encode(one.password)}@${one.host}:${one.port}/${one.database}?sslmode=require`,
      );
      expect(form(parsed)).toEqual(one);
    }
  });
  it('in a JDBC URL', () => {
    for (const one of cases)
      expect(
        form(
          read(`jdbc:postgresql://${one.host}:${one.port}/${one.database}?user=${encode(one.username)}&password=${encode(one.password)}`),
        ),
      ).toEqual(one);
  });
  it('in a URL as it is, as the first reading or an alternative', () => {
    for (const made of cases) {
      // What looks like an escape is one: no other reading of it is possible.
      const one = { ...made, password: made.password.replace(/%(?=[0-9a-c]{2})/g, '%%') };
      const parsed = read(`postgres://${one.username}:${one.password}@${one.host}:${one.port}/${one.database}`);
      expect([parsed, ...parsed.alternatives].map(form)).toContainEqual(one);
    }
  });
  it('in keywords', () => {
    const quote = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;
    for (const one of cases)
      expect(
        form(
          read(
            `host=${one.host} port=${one.port} dbname=${quote(one.database)} user=${quote(one.username)} password=${quote(one.password)}`,
          ),
        ),
      ).toEqual(one);
  });
  it('in .NET', () => {
    for (const one of cases)
      expect(
        form(
          read(
            `Host=${one.host};Port=${one.port};Database=${one.database};Username=${one.username};Password="${one.password.replaceAll('"', '""')}"`,
          ),
        ),
      ).toEqual(one);
  });
  it('in a psql command', () => {
    const quote = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
    for (const one of cases)
      expect(
        form(
          read(`PGPASSWORD=${quote(one.password)} psql -h ${one.host} -p ${one.port} -U ${quote(one.username)} -d ${quote(one.database)}`),
        ),
      ).toEqual(one);
  });
  it('in .env lines', () => {
    const quote = (value: string) => `"${value.replace(/["\\$`]/g, '\\$&')}"`;
    for (const one of cases)
      expect(
        form(
          read(
            `PGHOST=${one.host}\nPGPORT=${one.port}\nPGDATABASE=${one.database}\nPGUSER=${one.username}\nPGPASSWORD=${quote(one.password)}`,
          ),
        ),
      ).toEqual(one);
  });
  it('and is in none of the listed parameters', () => {
    for (const one of cases.filter((made) => made.password.length > 5)) {
      const parsed = read(`postgres://${encode(one.username)}:${encode(one.password)}@${one.host}/${one.database}`);
      expect(JSON.stringify([parsed.parameters, parsed.problems])).not.toContain(JSON.stringify(one.password).slice(1, -1));
    }
  });
});
