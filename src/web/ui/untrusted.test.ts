import { expect, test } from 'vitest';
import { visibleParts } from './untrusted.tsx';

test('what would hide or turn text is shown by its code', () => {
  expect(visibleParts('a\u202eb\u0000')).toEqual([
    { text: 'a', code: false },
    { text: 'U+202E', code: true },
    { text: 'b', code: false },
    { text: 'U+0000', code: true },
  ]);
  expect(visibleParts('Größe 表 🙂')).toEqual([{ text: 'Größe 表 🙂', code: false }]);
});
