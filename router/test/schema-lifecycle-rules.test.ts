import { describe, expect, test } from 'vitest';
import { commonSdl, composePublished } from '../src/planning/compose-published.ts';
import { Steadiness } from '../src/schema-lifecycle/steadiness.ts';

const sdl = (hash: string, fields: string) => ({ hash, sdl: `type Query { ${fields} }` });
const small = sdl('small', 'a: Int');
const large = sdl('large', 'a: Int b: Int');
const other = sdl('other', 'a: Int c: Int');
const strict = sdl('strict', 'a(of: Int!): Int');

describe('of several SDLs that instances serve', () => {
  test.each([
    ['one is itself', [small], 'small'],
    ['the older is taken while the newer adds', [small, large], 'small'],
    ['the newer is taken where it takes away', [large, small], 'small'],
    ['the first is taken where both are the same to operations', [sdl('x', 'a: Int'), sdl('y', 'a: Int, ')], 'x'],
    ['none is, where each has what the other has not', [large, other], undefined],
    ['the one within all others is', [large, other, small], 'small'],
    ['none is, where arguments exclude each other', [small, strict], undefined],
  ])('%s', (_what, sdls, hash) => {
    expect(commonSdl('any', sdls)?.hash).toBe(hash);
  });

  test('the preferred goes in where none is common, and that is told', () => {
    const composed = composePublished([{ name: 'any', sdls: [large, other] }]);
    expect(composed).toMatchObject({ kind: 'composed', chosen: { any: 'large' }, torn: ['any'], unsound: [] });
  });

  test('one that is no GraphQL is passed over, and that is told', () => {
    const composed = composePublished([{ name: 'any', sdls: [{ hash: 'x', sdl: '}{' }, small] }]);
    expect(composed).toMatchObject({ kind: 'composed', chosen: { any: 'small' }, torn: [] });
    expect(composed).toHaveProperty('unsound.0', expect.stringContaining('any: '));
  });

  test('all problems of a composition are told', () => {
    const composed = composePublished([
      { name: 'one', sdls: [sdl('1', 'a: Int b: Int')] },
      { name: 'two', sdls: [sdl('2', 'a: String b: String')] },
    ]);
    expect(composed.kind === 'failed' && composed.problems.length).toBeGreaterThan(1);
  });
});

describe('what a subgraph serves is taken', () => {
  const steadiness = () => new Steadiness({ settle: 100, longest: 1_000 });

  test('once it has stayed the same', () => {
    const subgraph = steadiness();
    subgraph.saw('books', 'a', 0);
    expect(subgraph.steadyAt('books')).toBe(100);
    subgraph.saw('books', 'a', 50);
    expect(subgraph.steadyAt('books')).toBe(100);
    subgraph.saw('books', 'b', 70);
    expect(subgraph.steadyAt('books')).toBe(170);
    expect(subgraph.steadyAt('unheard of')).toBe(0);
  });

  test('later, the more it flaps, and never later than the longest', () => {
    const subgraph = steadiness();
    const waits: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      subgraph.saw('books', turn % 2 ? 'a' : 'b', turn);
      waits.push(subgraph.steadyAt('books') - turn);
    }
    expect(waits).toEqual([100, 100, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
    // It has been quiet since.
    subgraph.saw('books', 'c', 5_000);
    expect(subgraph.steadyAt('books')).toBe(5_100);
  });
});
