import { expect, it } from 'vitest';
import { readComments } from './comments.ts';

const of = (sql: string) => {
  const { table, columns } = readComments(sql);
  return { table, ...Object.fromEntries(columns) };
};

it.each([
  ['none', 'CREATE TABLE t (a INTEGER, b TEXT)', { table: null }],
  [
    'behind a column, before and after its comma',
    'CREATE TABLE t (\n a INTEGER, -- one\n b TEXT -- two\n)',
    { table: null, a: 'one', b: 'two' },
  ],
  [
    'on lines before a column',
    'CREATE TABLE t (\n -- first\n -- second\n a INTEGER,\n /* of b */\n b TEXT)',
    { table: null, a: 'first\nsecond', b: 'of b' },
  ],
  ['about the table', 'CREATE TABLE t ( -- what it is\n a INTEGER)', { table: 'what it is' }],
  ['about the table, before the brackets', 'CREATE TABLE t -- what it is\n(\n a INTEGER)', { table: 'what it is' }],
  [
    'with commas and brackets inside a definition',
    "CREATE TABLE t (\n a NUMERIC(10, 2) CHECK (a IN (1, 2)), -- money\n b TEXT DEFAULT '-- no, ''not'' (this)' -- words\n)",
    { table: null, a: 'money', b: 'words' },
  ],
  [
    'of quoted names',
    'CREATE TABLE "t -- x" (\n "a ""b" TEXT, -- one\n [c d] TEXT, -- two\n `e` TEXT -- three\n)',
    { table: null, 'a "b': 'one', 'c d': 'two', e: 'three' },
  ],
  ['behind a constraint, which are nobody’s', 'CREATE TABLE t (\n a INTEGER,\n PRIMARY KEY (a) -- key\n)', { table: null }],
  [
    'within a definition over several lines',
    'CREATE TABLE t (\n a INTEGER -- what\n  NOT NULL, -- and more\n b TEXT)',
    { table: null, a: 'what\nand more' },
  ],
  ['that are never closed', 'CREATE TABLE t (a INTEGER /* so', { table: null, a: 'so' }],
  ['of a view', 'CREATE VIEW v AS -- all of them\nSELECT 1 -- not this', { table: 'all of them' }],
  ['of nothing', '', { table: null }],
])('reads comments %s', (_, sql, expected) => {
  expect(of(sql)).toEqual(expected);
});
