/** What a right lets a login do beyond reading, in plain words, and whether an Admin has to look at it. */
type Rule = readonly [what: string, severe: boolean];

/** Rights on the whole server. */
export const serverRights: Readonly<Record<string, Rule>> = {
  'CONTROL SERVER': ['Everything on the server: no right is checked', true],
  'ADMINISTER BULK OPERATIONS': ['Read files of the database server', true],
  'ALTER ANY LOGIN': ['Create logins and change passwords', true],
  'ALTER ANY SERVER ROLE': ['Hand out rights on the server', true],
  'ALTER ANY CREDENTIAL': ['Change with which identity the server reaches others', true],
  'ALTER ANY LINKED SERVER': ['Make the server connect to others', true],
  'ALTER SETTINGS': ['Change the settings of the server', true],
  'ALTER SERVER STATE': ['Change the state of the server', true],
  'IMPERSONATE ANY LOGIN': ['Act as any login of the server', true],
  'UNSAFE ASSEMBLY': ['Run programs within the database server', true],
  'EXTERNAL ACCESS ASSEMBLY': ['Reach files and the network from within the database server', true],
  SHUTDOWN: ['Shut the server down', true],
  'CREATE ANY DATABASE': ['Create databases', false],
  'ALTER ANY DATABASE': ['Alter and drop any database', true],
  'ALTER ANY CONNECTION': ['End the sessions of others', false],
};

/** Rights in this database. */
export const databaseRights: Readonly<Record<string, Rule>> = {
  CONTROL: ['Everything in this database', false],
  'TAKE OWNERSHIP': ['Take over this database', false],
  'BACKUP DATABASE': ['Copy the whole database to a file of the server', true],
  'BACKUP LOG': ['Copy the log of the database to a file of the server', true],
  'ADMINISTER DATABASE BULK OPERATIONS': ['Read files that the database server reaches', true],
  'CREATE ASSEMBLY': ['Bring programs into the database server', true],
  'ALTER ANY ASSEMBLY': ['Bring programs into the database server', true],
  'ALTER ANY EXTERNAL DATA SOURCE': ['Make the server connect to others', true],
  'EXECUTE ANY EXTERNAL SCRIPT': ['Run programs on the database server', true],
  'ALTER ANY USER': ['Create users', false],
  'ALTER ANY ROLE': ['Hand out rights in this database', false],
  'ALTER ANY SCHEMA': ['Alter any schema', false],
  'ALTER ANY DATABASE DDL TRIGGER': ['Make triggers that run for others', false],
  'CREATE TABLE': ['Create tables', false],
  'CREATE VIEW': ['Create views', false],
  'CREATE PROCEDURE': ['Create procedures', false],
  'CREATE FUNCTION': ['Create functions', false],
  ALTER: ['Alter this database', false],
};

/** Roles of the server and of the database, by whom their members are. */
export const serverRoles: Readonly<Record<string, Rule>> = {
  sysadmin: ['Everything on the server: no right is checked', true],
  securityadmin: ['Create logins and hand out rights on the server', true],
  serveradmin: ['Change the settings of the server, and shut it down', true],
  setupadmin: ['Make the server connect to others', true],
  processadmin: ['End the sessions of others', false],
  diskadmin: ['Manage files of the database server', true],
  bulkadmin: ['Read files of the database server', true],
  dbcreator: ['Create, alter and restore databases', true],
  '##MS_DatabaseManager##': ['Create and drop databases', true],
  '##MS_LoginManager##': ['Create logins', true],
};
export const databaseRoles: Readonly<Record<string, Rule>> = {
  db_owner: ['Everything in this database', false],
  db_securityadmin: ['Hand out rights in this database', false],
  db_accessadmin: ['Let others into this database', false],
  db_ddladmin: ['Create, alter and drop any object', false],
  db_backupoperator: ['Copy the whole database to a file of the server', true],
  db_datawriter: ['Write every table', false],
};

/** What else was found, by its kind. */
export const others: Readonly<Record<string, readonly [what: (names: string) => string, cause: string, severe: boolean]>> = {
  procedure: [(names) => `Run procedures, which may write with the rights of their owners: ${names}`, 'EXECUTE on them', false],
  sequence: [(names) => `Move the sequences ${names}`, 'UPDATE on them', false],
  schema: [(names) => `Create and drop objects in the schemas ${names}`, 'ALTER on them', false],
  user: [(names) => `Act as the users ${names}`, 'IMPERSONATE on them', false],
  login: [(names) => `Act as the logins ${names}`, 'IMPERSONATE on them', true],
  program: [(names) => `Run programs on the database server: ${names}`, 'It is switched on, and EXECUTE on it', true],
  adhoc: [() => 'Reach other servers and files by OPENROWSET', 'Ad Hoc Distributed Queries is switched on', false],
  linked: [(names) => `Reach other servers, past a rollback here: ${names}`, 'Linked servers', false],
};
