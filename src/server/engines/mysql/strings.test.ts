import { describe, expect, it } from 'vitest';
import { formOf, shownOf } from '../../../../tests/support/string-lab.ts';
import { mariadbStrings } from '../mariadb/strings.ts';
import { readConnectionString } from '../strings.ts';
import { mysqlStrings } from './strings.ts';

const read = mysqlStrings.read;
const shop = { host: 'db.example.com', port: 3307, database: 'shop', username: 'reader', password: 'pa55' };

describe('reading a pasted string', () => {
  it.each([
    ['URL', 'mysql://reader:pa55@db.example.com:3307/shop'],
    ['URL in quotes', '"mysql://reader:pa55@db.example.com:3307/shop";'],
    ['the other URL', 'mariadb://reader:pa55@db.example.com:3307/shop'],
    ['URL of another driver', 'mysql+pymysql://reader:pa55@db.example.com:3307/shop?charset=utf8mb4'],
    ['URL of a native driver', 'mariadb+mariadbconnector://reader:pa55@db.example.com:3307/shop'],
    ['URL with an encoded login', 'mysql://re%61der:p%6155@db.example.com:3307/shop'],
    ['JDBC', 'jdbc:mysql://db.example.com:3307/shop?user=reader&password=pa55&useSSL=true'],
    ['JDBC, the other', 'jdbc:mariadb://db.example.com:3307/shop?user=reader&password=pa55&sslMode=verify-full'],
    ['JDBC with a mode', 'jdbc:mysql:replication://reader:pa55@db.example.com:3307/shop'],
    ['Go', 'reader:pa55@tcp(db.example.com:3307)/shop?parseTime=true&tls=true'],
    ['Go without a protocol', 'reader:pa55@(db.example.com:3307)/shop'],
    ['Go with a scheme', 'mysql://reader:pa55@tcp(db.example.com:3307)/shop'],
    ['command', 'mysql -h db.example.com -P 3307 -u reader -ppa55 shop'],
    ['command, joined', '$ mysql -hdb.example.com -P3307 -ureader --password=pa55 -D shop -e "select 1"'],
    ['command, long', 'mariadb --host=db.example.com --port 3307 --user=reader --password=pa55 --database=shop --ssl'],
    ['command, bundled', 'mysql -BNe "select 1" -h db.example.com -P 3307 -u reader -ppa55 shop'],
    ['command, the password apart', 'mysql -h db.example.com -P 3307 -u reader -p pa55 shop'],
    ['command, variable before', 'MYSQL_PWD=pa55 mysql -h db.example.com -P 3307 -u reader shop'],
    ['command, several lines', 'mysql \\\n  --host db.example.com \\\n  --port 3307 \\\n -u reader -ppa55 \\\n shop'],
    ['dump', 'mysqldump -h db.example.com -P 3307 -u reader -ppa55 --single-transaction shop orders > shop.sql'],
    ['load', 'mysql -h db.example.com -P 3307 -u reader -ppa55 shop < dump.sql'],
    ['in a container', 'docker exec -it web mysql -h db.example.com -P 3307 -u reader -ppa55 shop'],
    ['shell', 'mysqlsh --sql reader:pa55@db.example.com:3307/shop'],
    ['.NET', 'Server=db.example.com;Port=3307;Database=shop;Uid=reader;Pwd=pa55;SslMode=Preferred'],
    ['.NET, long names', 'Data Source=db.example.com;Port=3307;Initial Catalog=shop;User ID=reader;Password="pa55";CharSet=utf8mb4'],
    ['ODBC', 'Driver={MySQL ODBC 8.0 Unicode Driver};Server=db.example.com;Port=3307;Database=shop;User=reader;Password={pa55};Option=3'],
    ['PHP', 'mysql:host=db.example.com;port=3307;dbname=shop;charset=utf8mb4;user=reader;password=pa55'],
    ['.env URL', 'DATABASE_URL="mysql://reader:pa55@db.example.com:3307/shop?serverVersion=8.0"'],
    ['.env Go', "DSN='reader:pa55@tcp(db.example.com:3307)/shop'"],
    [
      'MYSQL variables',
      'MYSQL_HOST=db.example.com\nMYSQL_PORT=3307\nMYSQL_DATABASE=shop\nMYSQL_USER=reader\nMYSQL_PASSWORD=pa55\nMYSQL_ROOT_PASSWORD=abc',
    ],
    ['MYSQL client variables', 'MYSQL_HOST=db.example.com\nMYSQL_TCP_PORT=3307\nMYSQL_DATABASE=shop\nMYSQL_USER=reader\nMYSQL_PWD=pa55'],
    [
      'the other variables',
      'MARIADB_HOST=db.example.com\nMARIADB_PORT=3307\nMARIADB_DATABASE=shop\nMARIADB_USER=reader\nMARIADB_PASSWORD=pa55',
    ],
    [
      'Laravel',
      'DB_CONNECTION=mysql\nDB_HOST=db.example.com\nDB_PORT=3307\nDB_DATABASE=shop\nDB_USERNAME=reader\nDB_PASSWORD=pa55\nAPP_KEY=abc',
    ],
    [
      'Spring',
      'spring.datasource.url=jdbc:mysql://db.example.com:3307/shop\nspring.datasource.username=reader\nspring.datasource.password=pa55',
    ],
    [
      'compose',
      'environment:\n  - MYSQL_HOST=db.example.com\n  - MYSQL_PORT=3307\n  - MYSQL_USER=reader\n  - MYSQL_PASSWORD=pa55\n  - MYSQL_DATABASE=shop',
    ],
  ])('%s', (_, text) => {
    for (const reader of [mysqlStrings, mariadbStrings]) {
      const parsed = reader.read(text);
      expect(parsed.dbType).toBe(reader.dbType);
      expect(formOf(parsed)).toEqual(shop);
      expect(parsed.problems).toEqual([]);
      expect(parsed.address).toMatchObject({ tls: { mode: 'verify-full' }, ssh: null });
      expect(reader.recognises(text)).toBeGreaterThan(0);
      expect(shownOf(parsed)).not.toMatch(/pa55|abc/);
    }
  });

  it('leaves empty what is not there, but for the usual port, which it says', () => {
    const parsed = read('mysql://db.example.com');
    expect(formOf(parsed)).toEqual({ host: 'db.example.com', port: 3306 });
    expect(parsed.parameters).toContainEqual(expect.objectContaining({ name: 'port', value: '3306', use: 'used' }));
  });

  it('takes the word after -p for the database, as the program does', () => {
    expect(formOf(read('mysql -h db.example.com -u reader -p shop'))).toEqual({
      host: 'db.example.com',
      port: 3306,
      username: 'reader',
      database: 'shop',
    });
  });

  it.each([
    ['ssl-mode=DISABLED', 'used', /Admin/, 'disable'],
    ['sslMode=none', 'used', /Admin/, 'disable'],
    ['useSSL=false', 'used', /Admin/, 'disable'],
    ['ssl_disabled=True', 'used', /Admin/, 'disable'],
    ['tls=false', 'used', /Admin/, 'disable'],
    ['ssl-mode=PREFERRED', 'used', /Strengthened/, 'verify-full'],
    ['ssl-mode=REQUIRED', 'used', /Strengthened/, 'verify-full'],
    ['sslMode=VERIFY_CA', 'used', /Strengthened/, 'verify-full'],
    ['sslMode=VERIFY_IDENTITY', 'used', /is verified/, 'verify-full'],
    ['requireSSL=false', 'used', /Strengthened/, 'verify-full'],
    ['sslMode=trust', 'blocked', /any certificate/, 'verify-full'],
    ['trustServerCertificate=true', 'blocked', /any certificate/, 'verify-full'],
    ['verifyServerCertificate=false', 'blocked', /any certificate/, 'verify-full'],
    ['tls=skip-verify', 'blocked', /any certificate/, 'verify-full'],
    ['ssl={"rejectUnauthorized":false}', 'blocked', /any certificate/, 'verify-full'],
    ['ssl={"rejectUnauthorized":true}', 'used', /is verified/, 'verify-full'],
    ['ssl={"ca":"/etc/passwd"}', 'blocked', /not a value/, 'verify-full'],
    ['tls=custom', 'blocked', /not a value/, 'verify-full'],
    ['sslMode=__proto__', 'blocked', /not a value/, 'verify-full'],
    ['allowLoadLocalInfile=true', 'blocked', /any file/, 'verify-full'],
    ['allowLoad%4cocalInfile=true', 'blocked', /any file/, 'verify-full'],
    ['ALLOWLOADLOCALINFILE=true', 'blocked', /any file/, 'verify-full'],
    ['allowUrlInLocalInfile=true', 'blocked', /any file/, 'verify-full'],
    ['local_infile=1', 'blocked', /any file/, 'verify-full'],
    ['permitLocalInfile=true', 'blocked', /any file/, 'verify-full'],
    ['allowAllFiles=true', 'blocked', /any file/, 'verify-full'],
    ['autoDeserialize=true', 'blocked', /load code/, 'verify-full'],
    ['queryInterceptors=com.mysql.cj.jdbc.interceptors.ServerStatusDiffInterceptor', 'blocked', /load code/, 'verify-full'],
    ['propertiesTransform=evil.Class', 'blocked', /load code/, 'verify-full'],
    ['serverRSAPublicKeyFile=/etc/passwd', 'blocked', /read a file/, 'verify-full'],
    ['sslCa=/etc/passwd', 'blocked', /paste the CA/, 'verify-full'],
    ['trustCertificateKeyStoreUrl=file:/etc/x', 'blocked', /paste the CA/, 'verify-full'],
    ['ssl_key=/root/.ssh/id', 'blocked', /client certificate/, 'verify-full'],
    ['trustCertificateKeyStorePassword=s3cret', 'blocked', /key file/, 'verify-full'],
    ['multipleStatements=true', 'blocked', /several statements/, 'verify-full'],
    ['allowMultiQueries=true', 'blocked', /several statements/, 'verify-full'],
    ['socketPath=/var/run/mysqld.sock', 'blocked', /socket file/, 'verify-full'],
    ['enableCleartextPlugin=true', 'blocked', /in clear/, 'verify-full'],
    ['flags=LOCAL_FILES', 'blocked', /load code/, 'verify-full'],
    ['sessionVariables=transaction_read_only=0', 'blocked', /read-only/, 'verify-full'],
    ['sql_mode=ANSI', 'blocked', /read-only/, 'verify-full'],
    ['allowPublicKeyRetrieval=true', 'blocked', /nobody checked/, 'verify-full'],
    ['socksProxyHost=10.0.0.1', 'blocked', /another host/, 'verify-full'],
    ['host=169.254.169.254', 'blocked', /replace the host/, 'verify-full'],
    ['h%6fst=169.254.169.254', 'blocked', /replace the host/, 'verify-full'],
    ['user=root', 'blocked', /replace the username/, 'verify-full'],
    ['password=0ther', 'blocked', /replace the password/, 'verify-full'],
    ['protocol=pipe', 'blocked', /pipe/, 'verify-full'],
    ['serverTimezone=UTC', 'not_needed', /as they are stored/, 'verify-full'],
    ['characterEncoding=utf8', 'not_needed', /UTF-8/, 'verify-full'],
    ['connectTimeout=5000', 'not_needed', /time limits/, 'verify-full'],
    ['connectionLimit=10', 'not_needed', /pool/, 'verify-full'],
    ['useServerPrepStmts=true', 'not_needed', /own/, 'verify-full'],
  ])('judges ?%s as %s', (query, judged, reason, mode) => {
    const parsed = read(`mysql://reader:pa55@db.example.com:3307/shop?${query}`);
    const name = decodeURIComponent(query.split('=')[0] ?? '');
    expect(parsed.parameters.filter((parameter) => parameter.name === name).at(-1)).toMatchObject({
      use: judged,
      reason: expect.stringMatching(reason),
    });
    expect(formOf(parsed)).toEqual(shop);
    expect(parsed.address.tls).toEqual({ mode });
    expect(shownOf(parsed)).not.toMatch(/pa55|0ther|s3cret|read_only=0/);
  });

  it('never lets the word off win over a word for encryption', () => {
    for (const query of ['sslMode=REQUIRED&useSSL=false', 'useSSL=false&sslMode=REQUIRED'])
      expect(read(`jdbc:mysql://db.example.com/shop?${query}`).address.tls).toEqual({ mode: 'verify-full' });
    expect(read('mysql -h db.example.com --skip-ssl shop').address.tls).toEqual({ mode: 'disable' });
  });

  it.each([
    'mysql://reader:pa55@db.example.com/shop?made_up=s3cret',
    'mysql://reader:pa55@db.example.com/shop?__proto__=s3cret&constructor=more',
    'reader:pa55@tcp(db.example.com)/shop?made_up=s3cret',
    'mysql -h db.example.com -u reader -ppa55 --made-up=s3cret shop',
    'Server=db.example.com;Port=3306;Uid=reader;Pwd=pa55;made_up=more',
  ])('blocks what is unknown in %s, without its name', (text) => {
    const parsed = read(text);
    expect(parsed.parameters).toContainEqual({
      name: 'unknown',
      value: null,
      use: 'blocked',
      reason: expect.stringMatching(/not on the list/),
    });
    expect(shownOf(parsed)).not.toMatch(/made|s3cret|more|pa55/);
  });

  it.each([
    ['mysqlx://reader:pa55@db.example.com:33060/shop', null, /X protocol/],
    ['mysql+srv://reader:pa55@db.example.com/shop', 'address.host', /DNS/],
    ['jdbc:mysql:loadbalance://a.example:1,b.example:2/shop', 'address.host', /several hosts/],
    ['jdbc:mysql://address=(host=a.example)(port=3306)/shop', 'address.host', /not a host name/],
    ['reader:pa55@unix(/var/run/mysqld.sock)/shop', 'address.host', /socket/],
    ['reader:pa55@cloudsql(project:region:instance)/shop', 'address.host', /cloud/],
    ['mysql://reader:pa55@%2Fvar%2Frun%2Fmysqld.sock/shop', 'address.host', /socket/],
    ['mysql://reader:pa55@db.example.com:99999/shop', 'address.port', /1 to 65535/],
    ['mysql://rea%00der:x@db.example.com/shop', 'credentials.readOnly.username', /control/],
    ['mysql -h $DB_HOST -u reader shop', null, /variable/],
    ['mysql -h db.example.com -u reader -p"$DB_PASS" shop', null, /variable/],
    ['Server=db.example.com;Port=3306;Uid=reader;Pwd=a;b', null, /breaks off/],
    ['no string at all', null, /not a connection string/],
  ])('names the problem of %s', (text, field, message) => {
    expect(read(text).problems[0]).toEqual({ field, message: expect.stringMatching(message) });
  });

  it.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '[::ffff:10.0.0.1]'])(
    'leaves the host %s as it is typed, for the guard to judge',
    (host) => {
      expect(read(`mysql://reader@${host}/shop`).address.host).toBe(host.replace(/[[\]]/g, ''));
    },
  );

  it('offers every split of an ambiguous password, the likeliest first, and shows no value of it', () => {
    const parsed = read('mysql://reader:p@ss/w:rd?#@db.example.com:3307/shop');
    expect(formOf(parsed)).toEqual({ ...shop, password: 'p@ss/w:rd?#' });
    const odd = read('mysql://reader:p@h.example/x@db.example.com:3307/shop');
    expect(odd.alternatives.map((other) => other.address.host)).toContain('h.example');
    expect(shownOf(odd)).not.toMatch(/h\.example|db\.example/);
    const go = read('reader:p@tcp(h.example)/x@tcp(db.example.com:3307)/shop');
    expect(formOf(go)).toEqual({ ...shop, password: 'p@tcp(h.example)/x' });
    expect(go.alternatives[0]?.address.host).toBe('h.example');
  });

  it.each([
    ['mysql://a:b@c/d', 'mysql'],
    ['mariadb://a:b@c/d', 'mariadb'],
    ['jdbc:mariadb://c/d', 'mariadb'],
    ['mysql://a:b@mariadb.example/d', 'mysql'],
    ['mariadb -h c -u a d', 'mariadb'],
    ['a:b@tcp(c:3306)/d', 'mysql'],
    ['DB_HOST=c\nDB_PORT=3306\nDB_USER=a', 'mysql'],
    ['DB_CONNECTION=mariadb\nDB_HOST=c\nDB_USER=a', 'mariadb'],
    ['MARIADB_HOST=c\nMARIADB_USER=a', 'mariadb'],
    ['Server=c;Port=3306;Uid=a;Pwd=b', 'mysql'],
  ])('knows whose %s is', (text, dbType) => {
    expect(readConnectionString(text)?.dbType).toBe(dbType);
    for (const asked of ['mysql', 'mariadb'] as const) expect(readConnectionString(text, asked)?.dbType).toBe(asked);
  });

  it.each([
    'postgres://a:b@c/d',
    'hello world',
    'FOO=bar',
    'host=c dbname=d',
    'sqlserver://a:b@c',
    'user/pw@c:1521/d',
    `mysql://${'@'.repeat(9000)}`,
  ])('leaves %s to others', (text) => {
    expect(readConnectionString(text, 'mysql')).toBeNull();
    expect(readConnectionString(text, 'mariadb')).toBeNull();
  });
});
