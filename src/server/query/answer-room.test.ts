import { describe, expect, test } from 'vitest';
import { AnswerRoom } from './answer-room.ts';

describe('the room for answers', () => {
  test('one answer alone always fits', () => {
    const room = new AnswerRoom(1000);
    const place = room.enter('ada');
    expect(place.grow(1000, 1_000_000)).toBeNull();
    place.leave();
    expect(room.held).toBe(0);
  });

  test('a person has half of it, and another one the rest', () => {
    const room = new AnswerRoom(1000);
    const first = room.enter('ada');
    const second = room.enter('ada');
    expect(first.grow(0, 100)).toBeNull();
    expect(second.grow(0, 20)).toBeNull();
    expect(second.grow(0, 25)?.code).toBe('rate.exceeded');
    const others = room.enter('eve');
    expect(others.grow(0, 5)).toBeNull();
    second.leave();
    expect(others.grow(0, 100)).toBeNull();
    expect(first.grow(0, 20)).toBeNull();
    expect(room.enter('kim').grow(0, 100)?.about).toMatchObject({ retryAfter: 2, detail: expect.stringContaining('All answers') });
  });

  test('cells take room too, and what leaves twice gives it back once', () => {
    const room = new AnswerRoom(1000);
    const place = room.enter('ada');
    place.grow(10, 0);
    const { held } = room;
    expect(held).toBeGreaterThan(0);
    const other = room.enter('ada');
    other.grow(10, 0);
    other.leave();
    other.leave();
    expect(room.held).toBe(held);
  });
});
