import { describe, expect, it } from 'vitest';
import { formOf, shownOf } from '../../../../tests/support/string-lab.ts';
import { readConnectionString } from '../strings.ts';
import { oracleStrings } from './strings.ts';

const read = oracleStrings.read;
const place = { host: 'db.example.com', port: 1522, service: 'shop', naming: 'service' };
const shop = { ...place, username: 'reader', password: 'pa55' };
const bySid = { ...shop, service: 'SHOP', naming: 'sid' };
const tns = (protocol: string, rest = '') =>
  `(DESCRIPTION=${rest}(ADDRESS=(PROTOCOL=${protocol})(HOST=db.example.com)(PORT=1522))(CONNECT_DATA=(SERVER=DEDICATED)(SERVICE_NAME=shop)))`;

describe('reading a pasted string', () => {
  it.each([
    ['EZConnect', 'db.example.com:1522/shop', place],
    ['EZConnect with slashes', '//db.example.com:1522/shop', place],
    ['EZConnect in quotes', '"db.example.com:1522/shop"', place],
    ['EZConnect over TLS', 'tcps://db.example.com:1522/shop', place],
    ['EZConnect over TLS, short', 'tcps:db.example.com:1522/shop', place],
    ['EZConnect with a kind of server', 'db.example.com:1522/shop:dedicated', place],
    ['EZConnect Plus', 'tcps://db.example.com:1522/shop?connect_timeout=5&retry_count=3&ssl_server_dn_match=on', place],
    ['host, port and SID', 'db.example.com:1522:SHOP', { ...place, service: 'SHOP', naming: 'sid' }],
    ['login', 'reader/pa55@db.example.com:1522/shop', shop],
    ['login with slashes', 'reader/pa55@//db.example.com:1522/shop', shop],
    ['login, quoted password', 'reader/"pa55"@db.example.com:1522/shop', shop],
    ['login, quoted target', 'reader/pa55@"db.example.com:1522/shop"', shop],
    ['login over TLS', 'reader/pa55@tcps://db.example.com:1522/shop', shop],
    ['statement', 'connect reader/pa55@db.example.com:1522/shop;', shop],
    ['descriptor', tns('TCPS'), place],
    ['descriptor with a login', `reader/pa55@${tns('TCPS')}`, shop],
    ['descriptor of tnsnames.ora', `# the shop\nSHOP.WORLD =\n  ${tns('tcps').replaceAll('(', '\n (').replaceAll('=', ' = ')}`, place],
    [
      'descriptor in lists',
      `(DESCRIPTION_LIST=(DESCRIPTION=(ADDRESS_LIST=(ADDRESS=(PROTOCOL=TCPS)(HOST=db.example.com)(PORT=1522)))(CONNECT_DATA=(SERVICE_NAME=shop))))`,
      place,
    ],
    [
      'descriptor with an SID',
      '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=db.example.com)(PORT=1522))(CONNECT_DATA=(SID=SHOP)))',
      { ...place, service: 'SHOP', naming: 'sid' },
    ],
    [
      'descriptor of a cloud',
      '(description= (retry_count=20)(retry_delay=3)(address=(protocol=tcps)(port=1522)(host=db.example.com))(connect_data=(service_name=shop))(security=(ssl_server_dn_match=yes)))',
      place,
    ],
    ['JDBC, service', 'jdbc:oracle:thin:@//db.example.com:1522/shop', place],
    ['JDBC, service without slashes', 'jdbc:oracle:thin:@db.example.com:1522/shop', place],
    ['JDBC, SID', 'jdbc:oracle:thin:@db.example.com:1522:SHOP', { ...place, service: 'SHOP', naming: 'sid' }],
    ['JDBC with a login', 'jdbc:oracle:thin:reader/pa55@//db.example.com:1522/shop', shop],
    ['JDBC with a login and an SID', 'jdbc:oracle:thin:reader/pa55@db.example.com:1522:SHOP', bySid],
    ['JDBC over TLS', 'jdbc:oracle:thin:@tcps://db.example.com:1522/shop', place],
    ['JDBC with a descriptor', `jdbc:oracle:thin:@${tns('TCPS')}`, place],
    ['JDBC of the other driver', 'jdbc:oracle:oci:@//db.example.com:1522/shop', place],
    ['URL', 'oracle://reader:pa55@db.example.com:1522/shop', shop],
    ['URL with an SID', 'oracle://reader:pa55@db.example.com:1522/?SID=SHOP', bySid],
    ['URL over TLS', 'oracle://reader:p%6155@db.example.com:1522/shop?SSL=true', shop],
    ['SQLAlchemy', 'oracle+oracledb://reader:pa55@db.example.com:1522/?service_name=shop', shop],
    ['SQLAlchemy with an SID', 'oracle+cx_oracle://reader:pa55@db.example.com:1522/SHOP', bySid],
    ['sqlplus', 'sqlplus reader/pa55@db.example.com:1522/shop', shop],
    ['sqlplus with options', '$ sqlplus -S -L reader/pa55@//db.example.com:1522/shop @report.sql', shop],
    ['sqlplus, quoted', 'sqlplus \'reader/"pa55"@db.example.com:1522/shop\'', shop],
    ['sqlplus with a descriptor', `sqlplus "reader/pa55@${tns('TCPS')}"`, shop],
    ['sql', 'sql reader/pa55@db.example.com:1522/shop', shop],
    ['.NET', 'Data Source=db.example.com:1522/shop;User Id=reader;Password=pa55;Pooling=true', shop],
    ['.NET with a descriptor', `User Id=reader;Password="pa55";Data Source=${tns('TCPS')}`, shop],
    ['.NET, as an older driver has it', `SERVER=${tns('TCPS')};uid=reader;pwd=pa55`, shop],
    ['ODBC', 'Driver={Oracle in OraClient19Home1};Dbq=db.example.com:1522/shop;Uid=reader;Pwd=pa55', shop],
    ['PHP', 'oci:dbname=//db.example.com:1522/shop;charset=AL32UTF8;user=reader;password=pa55', shop],
    ['.env URL', 'DATABASE_URL=oracle://reader:pa55@db.example.com:1522/shop', shop],
    ['.env login', 'ORACLE_URL="reader/pa55@db.example.com:1522/shop"', shop],
    [
      'ORACLE variables',
      'ORACLE_HOST=db.example.com\nORACLE_PORT=1522\nORACLE_SERVICE_NAME=shop\nORACLE_USER=reader\nORACLE_PASSWORD=pa55\nORACLE_HOME=/opt/oracle',
      shop,
    ],
    [
      'ORACLE variables with an SID',
      'ORACLE_HOST=db.example.com\nORACLE_PORT=1522\nORACLE_SID=SHOP\nORACLE_USER=reader\nORACLE_PASSWORD=pa55',
      bySid,
    ],
    ['ORACLE variables with a target', 'ORACLE_DSN=db.example.com:1522/shop\nORACLE_USER=reader\nORACLE_PASSWORD=pa55', shop],
    ['Laravel', 'DB_CONNECTION=oracle\nDB_HOST=db.example.com\nDB_PORT=1522\nDB_DATABASE=shop\nDB_USERNAME=reader\nDB_PASSWORD=pa55', shop],
    [
      'Spring',
      'spring.datasource.url=jdbc:oracle:thin:@//db.example.com:1522/shop\nspring.datasource.username=reader\nspring.datasource.password=pa55',
      shop,
    ],
    [
      'compose',
      'environment:\n  - ORACLE_HOST=db.example.com\n  - ORACLE_PORT=1522\n  - ORACLE_DATABASE=shop\n  - ORACLE_USER=reader\n  - ORACLE_PASSWORD=pa55',
      shop,
    ],
  ])('%s', (_, text, expected) => {
    const parsed = read(text);
    expect(formOf(parsed)).toEqual(expected);
    expect(parsed.problems).toEqual([]);
    expect(parsed.address).toMatchObject({ tls: { mode: 'verify-full' }, ssh: null });
    expect(readConnectionString(text)?.dbType).toBe('oracle');
    expect(shownOf(parsed)).not.toMatch(/pa55/);
  });

  it('is encrypted unless the text says TCP', () => {
    for (const text of [
      'tcp://db.example.com:1522/shop',
      tns('TCP'),
      `reader/pa55@tcp://db.example.com:1522/shop`,
      'oracle://a@h/s?SSL=false',
    ]) {
      expect(read(text).address.tls).toEqual({ mode: 'disable' });
      expect(read(text).parameters).toContainEqual(expect.objectContaining({ use: 'used', reason: expect.stringMatching(/Admin/) }));
    }
    expect(formOf(read(tns('TCP')))).toEqual(place);
    expect(read('db.example.com/shop').address).toEqual({
      host: 'db.example.com',
      port: 1521,
      service: 'shop',
      naming: 'service',
      tls: { mode: 'verify-full' },
      ssh: null,
    });
  });

  it.each([
    ['connect_timeout=5', 'not_needed', /time limits/],
    ['retry_count=3', 'not_needed', /time limits/],
    ['expire_time=2', 'not_needed', /time limits/],
    ['pool_connection_class=web', 'not_needed', /pool/],
    ['sdu=8192', 'not_needed', /own/],
    ['failover=on', 'not_needed', /one host/],
    ['ssl_version=TLSv1.2', 'not_needed', /certificate/],
    ['ssl_server_dn_match=on', 'used', /is verified/],
    ['ssl_server_dn_match=off', 'blocked', /any certificate/],
    ['SSL_SERVER_DN_MATCH=No', 'blocked', /any certificate/],
    ['ssl_server_dn_match=maybe', 'blocked', /not a value/],
    ['ssl_allow_weak_dn_match=on', 'blocked', /any certificate/],
    ['ssl_server_cert_dn=CN=other', 'blocked', /another name/],
    ['wallet_location=/etc/wallet', 'blocked', /wallet on the gateway/],
    ['wallet%5Flocation=/etc/wallet', 'blocked', /wallet on the gateway/],
    ['my_wallet_directory=/etc', 'blocked', /wallet on the gateway/],
    ['wallet_password=s3cret', 'blocked', /wallet on the gateway/],
    ['TNS_ADMIN=/etc', 'blocked', /read a file/],
    ['https_proxy=10.0.0.1', 'blocked', /another host/],
    ['https_proxy_port=80', 'blocked', /another host/],
    ['source_route=on', 'blocked', /connection manager/],
    ['token_auth=OCI_TOKEN', 'blocked', /gateway itself/],
    ['token_location=/etc/token', 'blocked', /gateway itself/],
    ['instance_name=one', 'blocked', /one instance/],
    ['server=shared', 'not_needed', /serves/],
    ['server=other.example:1521', 'blocked', /another host/],
    ['host=169.254.169.254', 'blocked', /replace the host/],
    ['port=22', 'blocked', /replace the port/],
    ['service_name=other', 'blocked', /replace the database/],
    ['sid=OTHER', 'blocked', /replace the database/],
    ['password=0ther', 'blocked', /replace the password/],
    ['protocol=ipc', 'blocked', /not go over TCP/],
    ['dba_privilege=SYSDBA', 'blocked', /administrator/],
    ['internal_logon=sysdba', 'blocked', /administrator/],
    ['proxy_client_name=root', 'blocked', /on behalf/],
    ['auth_type=KERBEROS', 'blocked', /Kerberos/],
    ['trace_file=/tmp/x', 'blocked', /write files/],
    ['unix_socket=/tmp/x', 'blocked', /socket/],
    ['current_schema=hr', 'blocked', /read-only/],
  ])('judges ?%s as %s', (query, judged, reason) => {
    const parsed = read(`reader/pa55@tcps://db.example.com:1522/shop?${query}`);
    const name = decodeURIComponent(query.split('=')[0] ?? '');
    expect(parsed.parameters.filter((parameter) => parameter.name === name).at(-1)).toMatchObject({
      use: judged,
      reason: expect.stringMatching(reason),
    });
    expect(formOf(parsed)).toEqual(shop);
    expect(parsed.address.tls).toEqual({ mode: 'verify-full' });
    expect(shownOf(parsed)).not.toMatch(/pa55|0ther|s3cret/);
  });

  it.each([
    ['(SOURCE_ROUTE=on)', 'SOURCE_ROUTE', /connection manager/],
    ['(LOAD_BALANCE=on)(FAILOVER=on)', 'FAILOVER', /one host/],
    ['(SECURITY=(SSL_SERVER_DN_MATCH=off))', 'SSL_SERVER_DN_MATCH', /any certificate/],
    ['(SECURITY=(MY_WALLET_DIRECTORY=/etc/wallet))', 'MY_WALLET_DIRECTORY', /wallet/],
    ['(WALLET_LOCATION=(SOURCE=(METHOD=FILE)(METHOD_DATA=(DIRECTORY=/etc))))', 'WALLET_LOCATION', /wallet/],
    ['(HTTPS_PROXY=10.0.0.1)(HTTPS_PROXY_PORT=80)', 'HTTPS_PROXY_PORT', /another host/],
    ['(MADE_UP=s3cret)', 'unknown', /not on the list/],
    ['(__proto__=s3cret)', 'unknown', /not on the list/],
  ])('judges the part %s of a descriptor', (part, name, reason) => {
    const parsed = read(tns('TCPS', part));
    expect(parsed.parameters.find((parameter) => parameter.name === name)?.reason).toMatch(reason);
    expect(formOf(parsed)).toEqual(place);
    expect(parsed.address.tls).toEqual({ mode: 'verify-full' });
    expect(shownOf(parsed)).not.toMatch(/MADE|s3cret/);
  });

  it.each([
    [
      '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=a.example)(PORT=1))(ADDRESS=(PROTOCOL=TCP)(HOST=b.example)(PORT=2))(CONNECT_DATA=(SID=x)))',
      'address.host',
      /several addresses/,
    ],
    ['(DESCRIPTION_LIST=(DESCRIPTION=(ADDRESS=(HOST=a)))(DESCRIPTION=(ADDRESS=(HOST=b))))', 'address.host', /several addresses/],
    ['(DESCRIPTION=(ADDRESS=(PROTOCOL=BEQ)(PROGRAM=oracle))(CONNECT_DATA=(SID=x)))', 'address.host', /over TCP/],
    ['(DESCRIPTION=(ADDRESS=(PROTOCOL=IPC)(KEY=x))(CONNECT_DATA=(SID=x)))', 'address.host', /over TCP/],
    ['(DESCRIPTION=(ADDRESS=(HOST=a)(PORT=1521))', null, /breaks off/],
    ['a.example,b.example:1521/shop', 'address.host', /several hosts/],
    ['reader/pa55@a.example:1521,b.example:1521/shop', 'address.host', /several hosts/],
    ['jdbc:oracle:thin:@prod_high', 'address.host', /tnsnames/],
    ['jdbc:oracle:thin:@prod_high?TNS_ADMIN=/etc/wallet', 'address.host', /tnsnames/],
    ['sqlplus reader/pa55@PROD', 'address.host', /tnsnames/],
    ['oracle+oracledb://reader:pa55@prod_high', 'address.host', /tnsnames/],
    ['ORACLE_USER=reader\nORACLE_PASSWORD=pa55\nTWO_TASK=prod', 'address.host', /tnsnames/],
    ['jdbc:oracle:thin:@ldap://ldap.example:389/shop', 'address.host', /over TCP/],
    ['jdbc:oracle:thin:@config-file:///etc/x.json', 'address.host', /over TCP/],
    ['jdbc:oracle:thin:@config-azure://app?key=x', 'address.host', /over TCP/],
    ['jdbc:oracle:kprb:@', null, /inside the server/],
    ['owner[reader]/pa55@db.example.com:1522/shop', 'credentials.readOnly.username', /on behalf/],
    ['db.example.com:15220000/shop', 'address.port', /1 to 65535/],
    ['oracle://rea%00der:x@db.example.com/shop', 'credentials.readOnly.username', /control/],
    ['sqlplus reader/$DB_PASS@db.example.com:1522/shop', null, /variable/],
    ['no string at all', null, /not a connection string/],
  ])('names the problem of %s', (text, field, message) => {
    const parsed = read(text);
    expect(parsed.problems[0]).toEqual({ field, message: expect.stringMatching(message) });
    expect(shownOf(parsed)).not.toContain('pa55');
  });

  it.each(['reader/pa55@db.example.com:1522/shop as sysdba', 'sqlplus reader/pa55@db.example.com:1522/shop as sysdba'])(
    'does not sign in as %s',
    (text) => {
      const parsed = read(text);
      expect(formOf(parsed)).toEqual(shop);
      expect(parsed.parameters).toContainEqual(expect.objectContaining({ use: 'blocked', reason: expect.stringMatching(/administrator/) }));
    },
  );

  it('does not sign in with what the gateway has', () => {
    for (const text of ['/@db.example.com:1522/shop', 'sqlplus /@db.example.com:1522/shop', 'sqlplus / as sysdba'])
      expect(read(text).parameters).toContainEqual(expect.objectContaining({ name: 'login', use: 'blocked' }));
  });

  it('offers the other entries of tnsnames.ora', () => {
    const parsed = read(`ONE =\n ${tns('TCPS')}\n\nTWO = ${tns('TCPS').replace('db.', 'two.')}`);
    expect([parsed, ...parsed.alternatives].map(({ address }) => address.host)).toEqual(['db.example.com', 'two.example.com']);
  });

  it('offers every split of an ambiguous password, the likeliest first, and shows no value of it', () => {
    expect(formOf(read('reader/p@ss:w@db.example.com:1522/shop'))).toEqual({ ...shop, password: 'p@ss:w' });
    expect(formOf(read('reader/"p@h:1521/x"@db.example.com:1522/shop'))).toEqual({ ...shop, password: 'p@h:1521/x' });
    const odd = read('reader/p@h.example:1521/x?@db.example.com:1522/shop');
    expect(formOf(odd)).toEqual({ ...shop, password: 'p@h.example:1521/x?' });
    expect(odd.alternatives.map((other) => other.address.host)).toContain('h.example');
    expect(shownOf(odd)).not.toMatch(/h\.example|db\.example/);
    expect(formOf(read('oracle://reader:p@ss/w:rd?#@db.example.com:1522/shop'))).toEqual({ ...shop, password: 'p@ss/w:rd?#' });
  });

  it.each(['2130706433', '0x7f000001', '127.1', '[::1]'])('leaves the host %s as it is typed, for the guard to judge', (host) => {
    expect(read(`${host}:1521/shop`).address.host).toBe(host.replace(/[[\]]/g, ''));
  });

  it.each([
    'db.example.com:5432/shop',
    'localhost:3000/a',
    'someone@example.com',
    'a/b',
    'host',
    'https://db.example.com:1521/x',
    'postgres://a:b@c:1521/d',
    'mysql://a:b@c/d',
    'a:b@tcp(c:1521)/d',
    'Data Source=c,1433;User Id=a',
    'FOO=bar',
    'SELECT 1 FROM a.b',
    `a/b@${'@'.repeat(9000)}`,
  ])('does not take %s unasked', (text) => {
    expect(readConnectionString(text)?.dbType).not.toBe('oracle');
  });
  it.each(['db.example.com/shop', 'reader/pa55@db.example.com/shop', 'db.example.com:5000/shop'])('takes %s when asked', (text) => {
    expect(readConnectionString(text)).toBeNull();
    expect(readConnectionString(text, 'oracle')?.address).toMatchObject({ host: 'db.example.com', service: 'shop' });
  });
});
