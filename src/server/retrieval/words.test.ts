import { describe, expect, test } from 'vitest';
import { readQuestion } from './question.ts';
import { splitWords, stemOf } from './words.ts';

describe('splitWords', () => {
  test.each([
    ['customer_id', ['customer', 'id']],
    ['unitPrice2', ['unit', 'price', '2']],
    ['HTMLParser', ['html', 'parser']],
    ['VMs and userIDs', ['vms', 'and', 'user', 'ids']],
    ['ORDER-LINES.qty', ['order', 'lines', 'qty']],
    ['Größe Café_URLs', ['große', 'cafe', 'urls']],
    ['the customer’s orders', ['the', 'customer', 'orders']],
    ['売上明細', ['売上', '上明', '明細']],
    ['заказыКлиента', ['заказы', 'клиента']],
    ['__proto__', ['proto']],
    ['', []],
  ])('%s', (text, words) => expect(splitWords(text)).toEqual(words));
});

test('stems bring the forms of a word together', () => {
  expect(stemOf('orders')).toBe(stemOf('ordered'));
  expect(stemOf('people')).toBe(stemOf('person'));
  expect(stemOf('売上')).toBe('売上');
  expect(stemOf('constructor')).toBe(stemOf('constructors'));
});

describe('readQuestion', () => {
  const read = (question: string) => new Map(readQuestion(question).map((word) => [word.text, word]));

  test('leaves out fillers and expands what stands for something', () => {
    const words = read('How old is the oldest customer of each dept?');
    expect([...words.keys()]).toEqual(['old', 'oldest', 'customer', 'dept']);
    expect(words.get('oldest')?.stems.get(stemOf('birth'))).toBe(0.6);
    expect(words.get('dept')?.stems.get(stemOf('department'))).toBe(0.9);
  });

  test('takes names as they are, years as dates, and no identifiers or numbers', () => {
    const words = read('Which concerts did Anna give in 2024 for 300 people, by id 0367b35b-023b-41d5-816b-359b3bcbdd8e?');
    expect([...words.keys()]).toEqual(['concerts', 'Anna', '2024', 'people', 'id', '']);
    expect(words.get('Anna')?.soft).toBeNull();
    expect(words.get('2024')?.stems.has('year')).toBe(true);
    expect(words.get('')?.stems.has('name')).toBe(true);
  });

  test('keeps words that objects have as properties', () => {
    expect([...read('constructor __proto__ toString valueOf').keys()]).toEqual(['constructor', '__proto__', 'toString', 'valueOf']);
  });
});
