import { z } from 'zod';
import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { SqliteAddress } from './address.ts';

const schema = JSON.parse(JSON.stringify(z.toJSONSchema(SqliteAddress, { io: 'input', unrepresentable: 'any' }))) as {
  properties: { file: Field['schema'] };
};

/** SQLite as the form draws it. */
export const sqliteDescription: EngineDescription = {
  id: 'sqlite',
  label: 'SQLite',
  mark: 'Sq',
  hue: 145,
  alsoFits: ['Turso and libSQL files', 'Datasette files'],
  defaultPort: null,
  address: [
    {
      name: 'file',
      title: 'File',
      help: 'A file in the folder that the server keeps for this organisation. It is never made and never written.',
      placeholder: 'sales.db',
      widget: 'text',
      section: 'where',
      required: true,
      order: 1,
      initial: '',
      schema: schema.properties.file,
      when: null,
      warnings: [{ pattern: '^(file|sqlite|jdbc):', text: 'Give the name of the file alone, or paste this under “Connection string”.' }],
    },
  ],
  credentials: [],
  sql: { editor: 'SQLite', open: '"', close: '"', bare: '^[A-Za-z_][A-Za-z0-9_]*$' },
  traits: [
    { name: 'Read-only', holds: true, reason: 'The file is opened for reading alone, and the test proves that a write is refused.' },
    {
      name: 'Statements in a process of their own',
      holds: true,
      reason: 'Nothing else can stop SQLite from outside: one that takes too long is ended with its process.',
    },
    { name: 'Login', holds: false, reason: 'SQLite has no users: what may be read is decided by which file it is.' },
    { name: 'Encryption', holds: false, reason: 'Nothing crosses a network. Files that are encrypted themselves cannot be opened.' },
    { name: 'Row estimates', holds: true, reason: 'From the last ANALYZE, where there was one; nothing is counted.' },
    { name: 'Comments', holds: true, reason: 'SQLite keeps none, but the text of CREATE statements: comments in it are read.' },
    { name: 'Schemas', holds: false, reason: 'A file has one, called main.' },
  ],
  stringExamples: ['sqlite:///sales.db', 'jdbc:sqlite:sales.db', 'sales.sqlite3'],
};
