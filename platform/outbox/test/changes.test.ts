import { mostBroadcastBytes } from '@mercato/queue';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changesOf } from '../src/changes.ts';
import { decodeChanges, defineEvent, type EntityChange, encodeChanges } from '../src/index.ts';

const moved = defineEvent('thing.moved', z.object({ id: z.string(), parts: z.array(z.string()) }), {
  changes: ({ id, parts }) => [
    { type: 'Thing', keys: [id] },
    { type: 'Part', keys: parts },
  ],
});
const cleared = defineEvent('things.cleared', z.object({}), { changes: () => [{ type: 'Thing' }] });
const silent = defineEvent('thing.seen', z.object({}));
const definitions = [moved, cleared, silent];
const move = (id: string, ...parts: string[]) => ({ name: 'thing.moved', payload: { id, parts } });

describe('what events change', () => {
  test.each<[string, { name: string; payload: unknown }[], EntityChange[]]>([
    ['nothing', [], []],
    [
      'each type once, each key once',
      [move('a', 'x'), move('b', 'x', 'y'), move('a')],
      [
        { type: 'Thing', keys: ['a', 'b'] },
        { type: 'Part', keys: ['x', 'y'] },
      ],
    ],
    [
      'a whole type, whatever else is told of it',
      [move('a'), { name: 'things.cleared', payload: {} }, move('b')],
      [{ type: 'Thing' }, { type: 'Part', keys: [] }],
    ],
    [
      'nothing by one that says so, or is not known',
      [
        { name: 'thing.seen', payload: {} },
        { name: 'other', payload: {} },
      ],
      [],
    ],
    [
      'nothing by one that breaks its contract, and the others all the same',
      [{ name: 'thing.moved', payload: 7 }, move('a')],
      [
        { type: 'Thing', keys: ['a'] },
        { type: 'Part', keys: [] },
      ],
    ],
  ])('%s', (_what, events, expected) => {
    expect(changesOf(events, definitions)).toEqual(expected);
  });

  test('more than anyone keeps are a whole type', () => {
    const keys = Array.from({ length: 2_001 }, (_, n) => `part_${n}`);
    expect(changesOf([move('a', ...keys)], definitions)).toEqual([{ type: 'Thing', keys: ['a'] }, { type: 'Part' }]);
  });
});

describe('messages', () => {
  test('hold it all, and fit into a broadcast each', () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => `"part_${n}" ☕`);
    const messages = encodeChanges('shop', [{ type: 'Part', keys }, { type: 'Thing' }, { type: 'None', keys: [] }]);
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(mostBroadcastBytes);
    const decoded = messages.map((message) => decodeChanges(message));
    expect(decoded.every((each) => each?.subgraph === 'shop')).toBe(true);
    const changes = decoded.flatMap((each) => each?.changes ?? []);
    expect(changes.filter(({ type }) => type === 'Part').flatMap((change) => change.keys)).toEqual(keys);
    expect(changes.filter(({ type }) => type !== 'Part')).toEqual([{ type: 'Thing' }]);
  });

  test('with a key that fits into none tell of the whole type', () => {
    const [message = ''] = encodeChanges('shop', [{ type: 'Part', keys: ['x'.repeat(9_000)] }]);
    expect(decodeChanges(message)).toEqual({ subgraph: 'shop', changes: [{ type: 'Part' }] });
  });

  test.each(['', '7', '{"a":1}', '["shop"]', '["shop",[[]]]', '["shop",[[7]]]', 'x'])('%j is none', (text) => {
    expect(decodeChanges(text)).toBeUndefined();
  });
});
