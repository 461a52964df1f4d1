import { expect, it } from 'vitest';
import { readingOf, withStandIn } from '../../../../tests/support/open-sqlserver.ts';
import { bitmapRow, type Column, columns, done, pieces, row, text8, text16, u16, u32 } from '../../../../tests/support/tds-messages.ts';
import type { Cell } from '../engine.ts';
import { sqlserver } from './sqlserver.ts';

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const latin = hex('0904d00034');
const type = (number: number, ...rest: readonly (number | Buffer)[]): Buffer =>
  Buffer.concat([Buffer.from([number]), ...rest.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part))]);
/** A value with its length before it, in two bytes. */

const long = (value: Buffer): Buffer => Buffer.concat([u16(value.length), value]);
const behindPointer = (value: Buffer): Buffer => Buffer.concat([Buffer.from([16]), Buffer.alloc(16 + 8), u32(value.length), value]);
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const variant = (base: number, about: Buffer, value: Buffer): Buffer =>
  Buffer.concat([u32(2 + about.length + value.length), Buffer.from([base, about.length]), about, value]);
const udt = (name: string): Buffer => type(0xf0, u16(0xffff), text8('shop'), text8('sys'), text8(name), text16('an assembly'));

/** Type, value on the wire, what the column is said to be, and what it must give. The bytes are written after the layout of [MS-TDS]. */
const cases: readonly (readonly [string, Buffer, Buffer, string, Cell])[] = [
  ['tinyint', type(0x30), hex('ff'), 'tinyint', 255],
  ['bit', type(0x32), hex('01'), 'bit', true],
  ['no bit', type(0x68, 1), hex('0100'), 'bit', false],
  ['smallint', type(0x26, 2), hex('02fbff'), 'smallint', -5],
  ['int', type(0x26, 4), hex('04ffffff7f'), 'int', 2_147_483_647],
  ['bigint', type(0x26, 8), hex('08ffffffffffffff7f'), 'bigint', '9223372036854775807'],
  ['a null', type(0x26, 8), hex('00'), 'bigint', null],
  [
    'decimal(38,10)',
    type(0x6a, 17, 38, 10),
    hex('11 01 ffffffff3f228a097ac4865aa84c3b4b'),
    'decimal',
    '9999999999999999999999999999.9999999999',
  ],
  ['numeric, negative', type(0x6c, 5, 5, 2), hex('05 00 6e000000'), 'numeric', '-1.10'],
  ['decimal without places', type(0x6a, 9, 18, 0), hex('09 01 ffffffffffffff7f'), 'decimal', '9223372036854775807'],
  ['decimal below one', type(0x6a, 5, 5, 4), hex('05 01 01000000'), 'decimal', '0.0001'],
  ['money', type(0x6e, 8), hex('08 ffffff7f ffffffff'), 'money', '922337203685477.5807'],
  ['money, negative', type(0x6e, 8), hex('08 ffffffff f0d8ffff'), 'money', '-1.0000'],
  ['smallmoney', type(0x7a), hex('92d20400'), 'smallmoney', '31.6050'],
  ['real', type(0x6d, 4), hex('04 cdcccc3d'), 'real', 0.1],
  ['float', type(0x6d, 8), hex('08 343333333333d33f'), 'float', 0.1 + 0.2],
  ['minus zero', type(0x6d, 8), hex('08 0000000000000080'), 'float', '-0'],
  ['date', type(0x28), hex('03 dab937'), 'date', '9999-12-31'],
  ['the first date', type(0x28), hex('03 000000'), 'date', '0001-01-01'],
  ['time(7)', type(0x29, 7), hex('05 ffbf692ac9'), 'time', '23:59:59.9999999'],
  ['time(0)', type(0x29, 0), hex('03 7f5101'), 'time', '23:59:59'],
  ['datetime', type(0x6f, 8), hex('08 25b10000 962bc500'), 'datetime', '2024-02-29 11:57:52.500'],
  ['datetime, rounded up', type(0x3d), hex('00000000 01000000'), 'datetime', '1900-01-01 00:00:00.003'],
  ['the first datetime', type(0x3d), hex('462effff 00000000'), 'datetime', '1753-01-01 00:00:00.000'],
  ['smalldatetime', type(0x6f, 4), hex('04 25b1d002'), 'smalldatetime', '2024-02-29 12:00:00'],
  ['datetime2(7)', type(0x2a, 7), hex('08 07c12a9b64 80460b'), 'datetime2', '2024-02-29 12:00:10.0000007'],
  ['datetime2(3)', type(0x2a, 3), hex('07 7b2e9302 80460b'), 'datetime2', '2024-02-29 12:00:00.123'],
  [
    'datetimeoffset(7), told by its own clock',
    type(0x2b, 7),
    hex('0a 80dcd542c1 80460b 7800'),
    'datetimeoffset',
    '2024-03-01 01:03:25.0000000 +02:00',
  ],
  ['datetimeoffset behind', type(0x2b, 0), hex('08 000000 80460b a6fe'), 'datetimeoffset', '2024-02-28 18:14:00 -05:46'],
  [
    'uniqueidentifier',
    type(0x24, 16),
    hex('10 6e1b0c5e 0000 0040 8000 000000000000'),
    'uniqueidentifier',
    '5E0C1B6E-0000-4000-8000-000000000000',
  ],
  ['varbinary', type(0xa5, u16(8000)), hex('0300 00ff10'), 'varbinary', '\\x00ff10'],
  ['varbinary(max)', type(0xa5, u16(0xffff)), pieces(hex('00ff10')), 'varbinary', '\\x00ff10'],
  ['binary', type(0xad, u16(2)), hex('0200 00ff'), 'binary', '\\x00ff'],
  ['image', type(0x22, u32(100), 0), behindPointer(hex('00ff')), 'image', '\\x00ff'],
  ['nvarchar', type(0xe7, u16(100), latin), long(wide("it's ü 👾")), 'nvarchar', "it's ü 👾"],
  ['nvarchar(max)', type(0xe7, u16(0xffff), latin), pieces(wide('👾'.repeat(20_000))), 'nvarchar', '👾'.repeat(20_000)],
  ['no text', type(0xe7, u16(100), latin), hex('0000'), 'nvarchar', ''],
  ['nchar', type(0xef, u16(4), latin), long(wide('a ')), 'nchar', 'a '],
  ['varchar', type(0xa7, u16(100), latin), long(hex('fc80')), 'varchar', 'ü€'],
  ['varchar in UTF-8', type(0xa7, u16(100), hex('0904d00400')), long(Buffer.from('ü👾')), 'varchar', 'ü👾'],
  ['varchar in Cyrillic', type(0xa7, u16(100), hex('1904d00000')), long(hex('cfe5f2')), 'varchar', 'Пет'],
  ['varchar in Japanese', type(0xa7, u16(100), hex('1104d00000')), long(hex('93fa')), 'varchar', '日'],
  ['varchar of DOS', type(0xa7, u16(100), hex('0904d0001e')), long(hex('819b')), 'varchar', 'ü¢'],
  ['char', type(0xaf, u16(3), latin), long(Buffer.from('ab ')), 'char', 'ab '],
  ['text', type(0x23, u32(100), latin, 1, text16('t')), behindPointer(hex('fc')), 'text', 'ü'],
  ['ntext', type(0x63, u32(100), latin, 1, text16('t')), behindPointer(wide('ü')), 'ntext', 'ü'],
  ['xml', type(0xf1, 0), pieces(wide('\ufeff<a>ü</a>')), 'xml', '<a>ü</a>'],
  ['xml with a schema', type(0xf1, 1, text8('shop'), text8('dbo'), text16('x')), pieces(wide('<a/>')), 'xml', '<a/>'],
  ['hierarchyid', udt('hierarchyid'), pieces(hex('5ac0')), 'hierarchyid', '\\x5ac0'],
  ['geography', udt('geography'), hex('ffffffffffffffff'), 'geography', null],
  ['rowversion', type(0xad, u16(8)), hex('0800 00000000000007d1'), 'binary', '\\x00000000000007d1'],
  ['sql_variant of int', type(0x62, u32(8009)), variant(0x38, Buffer.alloc(0), hex('07000000')), 'sql_variant', 7],
  ['sql_variant of decimal', type(0x62, u32(8009)), variant(0x6c, hex('0502'), hex('01 6e000000')), 'sql_variant', '1.10'],
  ['sql_variant of nvarchar', type(0x62, u32(8009)), variant(0xe7, Buffer.concat([latin, u16(100)]), wide('ü')), 'sql_variant', 'ü'],
  ['sql_variant of varchar', type(0x62, u32(8009)), variant(0xa7, Buffer.concat([latin, u16(100)]), hex('fc')), 'sql_variant', 'ü'],
  [
    'sql_variant of datetime2',
    type(0x62, u32(8009)),
    variant(0x2a, hex('03'), hex('7b2e9302 80460b')),
    'sql_variant',
    '2024-02-29 12:00:00.123',
  ],
  ['sql_variant of nothing', type(0x62, u32(8009)), u32(0), 'sql_variant', null],
];

const named: readonly Column[] = cases.map(([name, described]) => ({ name, type: described }));
const expected = cases.map(([name, , , called, value]) => [name, called, value]);

it('reads every type exactly', async () => {
  const answer = Buffer.concat([columns(...named), row(...cases.map(([, , value]) => value)), done(0x10, 1)]);
  await withStandIn({ answer: ({ text }) => (text.includes('sp_executesql') ? answer : undefined) }, async (session) => {
    const got = await sqlserver.run(session, readingOf('SELECT 1'));
    expect(got.columns.map(({ name, type: called }, at) => [name, called, got.rows[0]?.[at]])).toEqual(expected);
    expect(JSON.parse(JSON.stringify(got.rows))).toEqual(got.rows);
  });
});

it('reads rows whose nulls are marked in a map, and however they are cut', async () => {
  const wholes = cases.map(([, , value], at) => (at % 3 === 0 ? null : value));
  const body = Buffer.concat([columns(...named), bitmapRow(wholes), bitmapRow(cases.map(() => null)), done(0x10, 2)]);
  await withStandIn(
    {
      answer: ({ text }) => {
        if (!text.includes('sp_executesql')) return undefined;
        return async (talk) => {
          // Packets that hold next to nothing, and every boundary falls somewhere.
          for (let at = 0; at < body.length; at += 501) {
            const piece = body.subarray(at, at + 501);
            const head = Buffer.from([4, at + 501 >= body.length ? 1 : 0, 0, 0, 0, 0, 1, 0]);
            head.writeUInt16BE(8 + piece.length, 2);
            const packet = Buffer.concat([head, piece]);
            await talk.say(packet.subarray(0, 3));
            await new Promise((resolve) => setTimeout(resolve, at < 3000 ? 1 : 0));
            await talk.say(packet.subarray(3));
          }
        };
      },
    },
    async (session) => {
      const { rows } = await sqlserver.run(session, readingOf('SELECT 1'));
      expect(rows).toEqual([expected.map(([, , value], at) => (at % 3 === 0 ? null : value)), expected.map(() => null)]);
    },
  );
});
