import { describe, expect, it } from 'vitest';
import { formOf, shownOf } from '../../../../tests/support/string-lab.ts';
import { readConnectionString } from '../strings.ts';
import { sqlserverStrings } from './strings.ts';

const read = sqlserverStrings.read;
const shop = { host: 'db.example.com', port: 1444, database: 'shop', username: 'reader', password: 'pa55' };

describe('reading a pasted string', () => {
  it.each([
    ['.NET', 'Server=tcp:db.example.com,1444;Database=shop;User Id=reader;Password=pa55;Encrypt=True;TrustServerCertificate=False;'],
    ['.NET, old names', 'Data Source=db.example.com, 1444;Initial Catalog=shop;User ID=reader;Password="pa55"'],
    ['.NET, single quotes', "Server=db.example.com,1444;Database=shop;UID=reader;PWD='pa55';Persist Security Info=False"],
    ['.NET, rare names', 'Network Address=db.example.com,1444;Initial Catalog=shop;User=reader;Pwd=pa55;App=web;WSID=me'],
    ['.NET, an instance with a port', 'Server=db.example.com\\SQLEXPRESS,1444;Database=shop;User Id=reader;Password=pa55'],
    [
      'Azure',
      'Server=tcp:db.example.com,1444;Initial Catalog=shop;Persist Security Info=False;User ID=reader;Password=pa55;MultipleActiveResultSets=False;Encrypt=True;TrustServerCertificate=False;Connection Timeout=30;',
    ],
    [
      'ODBC',
      'Driver={ODBC Driver 18 for SQL Server};Server=tcp:db.example.com,1444;Database=shop;Uid=reader;Pwd={pa55};Encrypt=yes;TrustServerCertificate=no',
    ],
    ['ODBC, free', 'DRIVER=FreeTDS;SERVER=db.example.com;PORT=1444;DATABASE=shop;UID=reader;PWD=pa55;TDS_Version=7.4'],
    ['JDBC', 'jdbc:sqlserver://db.example.com:1444;databaseName=shop;user=reader;password=pa55;encrypt=true'],
    ['JDBC, braces', 'jdbc:sqlserver://db.example.com:1444;databaseName={shop};user=reader;password={pa55};trustServerCertificate=false'],
    ['JDBC, all in properties', 'jdbc:sqlserver://;serverName=db.example.com;portNumber=1444;database=shop;userName=reader;password=pa55'],
    ['JDBC, an instance with a port', 'jdbc:sqlserver://db.example.com\\MAIN:1444;databaseName=shop;user=reader;password=pa55'],
    ['jTDS', 'jdbc:jtds:sqlserver://db.example.com:1444/shop;user=reader;password=pa55'],
    ['URL', 'sqlserver://reader:pa55@db.example.com:1444/shop'],
    ['URL as Go writes it', 'sqlserver://reader:pa55@db.example.com:1444?database=shop&encrypt=true&app+name=web'],
    ['URL as Prisma writes it', 'sqlserver://db.example.com:1444;database=shop;user=reader;password=pa55;encrypt=true'],
    ['short URL', 'mssql://reader:pa55@db.example.com:1444/shop?encrypt=true'],
    ['short URL with an instance', 'mssql://reader:pa55@db.example.com:1444/SQLEXPRESS/shop'],
    ['SQLAlchemy', 'mssql+pyodbc://reader:pa55@db.example.com:1444/shop?driver=ODBC+Driver+18+for+SQL+Server&Encrypt=yes'],
    ['SQLAlchemy, another', 'mssql+pymssql://reader:p%6155@db.example.com:1444/shop?charset=utf8'],
    [
      'SQLAlchemy around ODBC',
      'mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC+Driver+17+for+SQL+Server%7D%3BSERVER%3Ddb.example.com%2C1444%3BDATABASE%3Dshop%3BUID%3Dreader%3BPWD%3Dpa55',
    ],
    ['PHP', 'sqlsrv:Server=db.example.com,1444;Database=shop;UID=reader;PWD=pa55'],
    ['sqlcmd', 'sqlcmd -S tcp:db.example.com,1444 -d shop -U reader -P pa55 -N'],
    ['sqlcmd, joined', 'sqlcmd -Sdb.example.com,1444 -dshop -Ureader -Ppa55 -Q "select 1" -b -W'],
    ['sqlcmd, long', 'sqlcmd --server db.example.com,1444 --database-name shop --user-name reader -P pa55 --encrypt-connection=strict'],
    ['sqlcmd, variable before', "$ SQLCMDPASSWORD='pa55' /opt/mssql-tools18/bin/sqlcmd -S db.example.com,1444 -d shop -U reader"],
    ['sqlcmd in a container', 'docker exec -it web /opt/mssql-tools/bin/sqlcmd -S db.example.com,1444 -U reader -P pa55 -d shop'],
    ['.env URL', 'DATABASE_URL="sqlserver://db.example.com:1444;database=shop;user=reader;password=pa55"'],
    ['.env, ASP.NET', 'ConnectionStrings__Default=Server=db.example.com,1444;Database=shop;User Id=reader;Password=pa55;Encrypt=true'],
    [
      'settings of ASP.NET',
      '"ConnectionStrings": {\n  "Default": "Server=db.example.com,1444;Database=shop;User Id=reader;Password=pa55;Encrypt=true"\n}',
    ],
    [
      'MSSQL variables',
      'MSSQL_HOST=db.example.com\nMSSQL_PORT=1444\nMSSQL_DATABASE=shop\nMSSQL_USER=reader\nMSSQL_PASSWORD=pa55\nMSSQL_SA_PASSWORD=abc',
    ],
    ['SQLCMD variables', 'SQLCMDSERVER=db.example.com,1444\nSQLCMDDBNAME=shop\nSQLCMDUSER=reader\nSQLCMDPASSWORD=pa55'],
    ['Laravel', 'DB_CONNECTION=sqlsrv\nDB_HOST=db.example.com\nDB_PORT=1444\nDB_DATABASE=shop\nDB_USERNAME=reader\nDB_PASSWORD=pa55'],
    [
      'compose',
      'environment:\n  - SQLSERVER_HOST=db.example.com\n  - SQLSERVER_PORT=1444\n  - SQLSERVER_USER=reader\n  - SQLSERVER_PASSWORD=pa55\n  - SQLSERVER_DB=shop',
    ],
    [
      'Spring',
      'spring.datasource.url=jdbc:sqlserver://db.example.com:1444;databaseName=shop\nspring.datasource.username=reader\nspring.datasource.password=pa55',
    ],
  ])('%s', (_, text) => {
    const parsed = read(text);
    expect(formOf(parsed)).toEqual(shop);
    expect(parsed.problems).toEqual([]);
    expect(parsed.address).toMatchObject({ tls: { mode: 'verify-full' }, ssh: null });
    expect(readConnectionString(text)?.dbType).toBe('sqlserver');
    expect(shownOf(parsed)).not.toMatch(/pa55|abc/);
  });

  it('leaves empty what is not there, but for the usual port, which it says', () => {
    const parsed = read('Server=db.example.com;Database=shop');
    expect(formOf(parsed)).toEqual({ host: 'db.example.com', port: 1433, database: 'shop' });
    expect(parsed.parameters).toContainEqual(expect.objectContaining({ name: 'port', value: '1433', use: 'used' }));
    expect(formOf(read('Server=db.example.com\\MSSQLSERVER;Database=shop')).port).toBe(1433);
  });

  it.each([
    'Server=db.example.com\\SQLEXPRESS;Database=shop',
    'jdbc:sqlserver://db.example.com\\SQLEXPRESS;databaseName=shop',
    'jdbc:sqlserver://db.example.com;instanceName=SQLEXPRESS;databaseName=shop',
    'sqlserver://reader:pa55@db.example.com/SQLEXPRESS?database=shop',
    'sqlcmd -S db.example.com\\\\SQLEXPRESS -d shop',
  ])('asks for the port of the instance in %s', (text) => {
    const parsed = read(text);
    expect(parsed.address).toMatchObject({ host: 'db.example.com', database: 'shop' });
    expect(parsed.address.port).toBeUndefined();
    expect(parsed.problems).toEqual([{ field: 'address.port', message: expect.stringMatching(/give the port of the instance/) }]);
  });

  it.each([
    ['Encrypt=false', 'used', /Admin/, 'disable'],
    ['Encrypt=no', 'used', /Admin/, 'disable'],
    ['Encrypt=Optional', 'used', /Admin/, 'disable'],
    ['Encrypt=true', 'used', /Strengthened/, 'verify-full'],
    ['Encrypt=Mandatory', 'used', /Strengthened/, 'verify-full'],
    ['Encrypt=Strict', 'used', /is verified/, 'verify-full'],
    ['Encrypt=__proto__', 'blocked', /not a value/, 'verify-full'],
    ['TrustServerCertificate=true', 'blocked', /any certificate/, 'verify-full'],
    ['Trust Server Certificate=yes', 'blocked', /any certificate/, 'verify-full'],
    ['TrustServerCertificate=false', 'used', /is verified/, 'verify-full'],
    ['HostNameInCertificate=other', 'blocked', /another name/, 'verify-full'],
    ['ServerCertificate=/etc/x.cer', 'blocked', /paste the CA/, 'verify-full'],
    ['Integrated Security=true', 'blocked', /Windows account/, 'verify-full'],
    ['Integrated Security=SSPI', 'blocked', /Windows account/, 'verify-full'],
    ['Trusted_Connection=yes', 'blocked', /Windows account/, 'verify-full'],
    ['Integrated Security=false', 'not_needed', /SQL login/, 'verify-full'],
    ['Authentication=Active Directory Integrated', 'blocked', /gateway itself/, 'verify-full'],
    ['Authentication=ActiveDirectoryManagedIdentity', 'blocked', /gateway itself/, 'verify-full'],
    ['Authentication=SqlPassword', 'not_needed', /SQL login/, 'verify-full'],
    ['fedauth=ActiveDirectoryDefault', 'blocked', /gateway itself/, 'verify-full'],
    ['accessToken=s3cret', 'blocked', /token/, 'verify-full'],
    ['msi endpoint=x', 'blocked', /gateway itself/, 'verify-full'],
    ['AttachDbFilename=C:/x.mdf', 'blocked', /attach/, 'verify-full'],
    ['Initial File Name=C:/x.mdf', 'blocked', /attach/, 'verify-full'],
    ['User Instance=true', 'blocked', /instance of its own/, 'verify-full'],
    ['Failover Partner=other.example', 'blocked', /another host/, 'verify-full'],
    ['Failover_Partner=other.example', 'blocked', /another host/, 'verify-full'],
    ['Context Connection=true', 'blocked', /inside the server/, 'verify-full'],
    ['Network Library=dbnmpntw', 'blocked', /pipe/, 'verify-full'],
    ['Network Library=DBMSSOCN', 'not_needed', /TCP/, 'verify-full'],
    ['Column Encryption Setting=Enabled', 'blocked', /key store/, 'verify-full'],
    ['keyStoreSecret=s3cret', 'blocked', /key store/, 'verify-full'],
    ['trustManagerClass=evil.Class', 'blocked', /load code/, 'verify-full'],
    ['socketFactoryClass=evil.Class', 'blocked', /load code/, 'verify-full'],
    ['StatsLogFile=C:/x', 'blocked', /write files/, 'verify-full'],
    ['FileDSN=C:/x', 'blocked', /read a file/, 'verify-full'],
    ['Server SPN=x', 'blocked', /Kerberos/, 'verify-full'],
    ['Language=German', 'blocked', /read-only/, 'verify-full'],
    ['QuotedId=no', 'blocked', /read-only/, 'verify-full'],
    ['Data Source=169.254.169.254', 'blocked', /replace the host/, 'verify-full'],
    ['Addr=169.254.169.254,80', 'blocked', /replace the host/, 'verify-full'],
    ['UID=sa', 'blocked', /replace the username/, 'verify-full'],
    ['PWD=0ther', 'blocked', /replace the password/, 'verify-full'],
    ['ApplicationIntent=ReadOnly', 'not_needed', /no guard/, 'verify-full'],
    ['MultiSubnetFailover=True', 'not_needed', /one host/, 'verify-full'],
    ['Connect Timeout=30', 'not_needed', /time limits/, 'verify-full'],
    ['Max Pool Size=100', 'not_needed', /pool/, 'verify-full'],
    ['Application Name=web', 'not_needed', /portcullis/, 'verify-full'],
    ['Persist Security Info=True', 'not_needed', /own/, 'verify-full'],
  ])('judges ;%s as %s', (pair, judged, reason, mode) => {
    const parsed = read(`Server=db.example.com,1444;Database=shop;User Id=reader;Password=pa55;${pair}`);
    const name = pair.split('=')[0];
    // Of a server with a port the port is listed after it.
    expect(parsed.parameters.filter((parameter) => parameter.name === name).at(-1)).toMatchObject({
      use: judged,
      reason: expect.stringMatching(reason),
    });
    expect(formOf(parsed)).toEqual(shop);
    expect(parsed.address.tls).toEqual({ mode });
    expect(shownOf(parsed)).not.toMatch(/pa55|0ther|s3cret/);
  });

  it('takes the encryption of a command', () => {
    const tls = (flags: string) => read(`sqlcmd -S db.example.com -d shop ${flags}`).address.tls;
    expect(tls('-No')).toEqual({ mode: 'disable' });
    expect(tls('-Ns -C')).toEqual({ mode: 'verify-full' });
    const parsed = read('sqlcmd -S db.example.com -E -G -C -Z n3w -A -U reader');
    expect(parsed.parameters.filter(({ use }) => use === 'blocked').map(({ name }) => name)).toEqual(['-E', '-G', '-C', '-Z', '-A']);
    expect(shownOf(parsed)).not.toContain('n3w');
  });

  it.each([
    'Server=db.example.com;User Id=reader;Password=pa55;made_up=more',
    'sqlserver://reader:pa55@db.example.com/shop?made_up=s3cret&__proto__=more',
    'jdbc:sqlserver://db.example.com;user=reader;password=pa55;constructor=more',
    'sqlcmd -S db.example.com -U reader -P pa55 --made-up=s3cret',
  ])('blocks what is unknown in %s, without its name', (text) => {
    const parsed = read(text);
    expect(parsed.parameters).toContainEqual({
      name: 'unknown',
      value: null,
      use: 'blocked',
      reason: expect.stringMatching(/not on the list/),
    });
    expect(shownOf(parsed)).not.toMatch(/made|s3cret|more|constructor|pa55/);
  });

  it.each([
    ['Server=np:\\\\db\\pipe\\sql\\query;Database=shop', 'address.host', /not go over TCP/],
    ['Server=\\\\db\\pipe\\sql\\query;Database=shop', 'address.host', /not go over TCP/],
    ['Server=lpc:db;Database=shop', 'address.host', /not go over TCP/],
    ['Server=(localdb)\\MSSQLLocalDB;Database=shop', 'address.host', /whoever wrote it/],
    ['Server=.;Database=shop;Encrypt=true', 'address.host', /whoever wrote it/],
    ['Server=.\\SQLEXPRESS;Database=shop', 'address.host', /whoever wrote it/],
    ['Server=(local);Database=shop', 'address.host', /whoever wrote it/],
    ['Server=a.example,b.example;Database=shop', 'address.host', /several hosts/],
    ['Server=db.example.com,99999;Database=shop', 'address.port', /1 to 65535/],
    ['jdbc:sqlserver://reader:pa55@db.example.com;databaseName=shop', 'address.host', /not a host name/],
    ['Server=db.example.com;User Id=rea\u0001der', 'credentials.readOnly.username', /control/],
    ['Server=db.example.com;User Id=reader;Password=a;b', null, /breaks off.*in quotes/],
    ['Server=db.example.com;User Id=reader;Password="a;Encrypt=true', null, /breaks off/],
    ['jdbc:sqlserver://db.example.com;user=reader;password={a;encrypt=true', null, /breaks off.*in \{braces\}/],
    ['sqlcmd -S db.example.com -U reader -P "$DB_PASS"', null, /variable/],
    ['no string at all', null, /not a connection string/],
  ])('names the problem of %s', (text, field, message) => {
    const parsed = read(text);
    expect(parsed.problems[0]).toEqual({ field, message: expect.stringMatching(message) });
    expect(shownOf(parsed)).not.toContain('pa55');
  });

  it.each(['2130706433', '0x7f000001', '127.1', '[::1]', '::ffff:10.0.0.1'])(
    'leaves the host %s as it is typed, for the guard to judge',
    (host) => {
      expect(read(`Server=${host},1444;Database=shop`).address).toMatchObject({ host: host.replace(/[[\]]/g, ''), port: 1444 });
    },
  );

  it('offers every split of an ambiguous password, the likeliest first, and shows no value of it', () => {
    expect(formOf(read('mssql://reader:p@ss/w:rd?#@db.example.com:1444/shop'))).toEqual({ ...shop, password: 'p@ss/w:rd?#' });
    const odd = read('sqlserver://reader:p@h.example/x@db.example.com:1444/shop');
    expect(odd.alternatives.map((other) => other.address.host)).toContain('h.example');
    expect(shownOf(odd)).not.toMatch(/h\.example|db\.example/);
  });

  it.each([
    ['Server=c;Database=d;User Id=a;Password=b', 'sqlserver'],
    ['Host=c;Database=d;Username=a;Password=b', 'postgresql'],
    ['Server=c;Port=5432;Database=d;User Id=a;Password=b', 'postgresql'],
    ['Server=c;Port=3306;Database=d;User Id=a;Password=b', 'mysql'],
    ['Driver={MariaDB ODBC 3.1 Driver};Server=c;User=a', 'mariadb'],
    ['Data Source=c,1433;User Id=a;Password=b', 'sqlserver'],
  ])('leaves to each its own: %s', (text, dbType) => {
    expect(readConnectionString(text)?.dbType).toBe(dbType);
  });

  it.each(['postgres://a:b@c/d', 'hello world', 'FOO=bar', 'host=c dbname=d', 'mysql://a:b@c', 'c:1521/d', `mssql://${'@'.repeat(9000)}`])(
    'does not take %s',
    (text) => expect(readConnectionString(text, 'sqlserver')).toBeNull(),
  );
});
