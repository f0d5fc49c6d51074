import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GraphQLError, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createLimits } from '../src/limits/document-limits.ts';
import { measure } from '../src/limits/measure.ts';
import { type DocumentLimits, defaultDocumentLimits, type ValueLimits } from '../src/limits/options.ts';

const measured = (query: string) => measure(parse(query), { nesting: 50 });

function refusal(query: string, options: Partial<DocumentLimits & ValueLimits> = {}): GraphQLError | undefined {
  const limits = createLimits(options);
  try {
    limits.checkParsed(limits.parse(query));
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

describe('what a document holds', () => {
  test.each([
    ['{ a }', { depth: 1, height: 1, fields: 1, selections: 1, rootFields: 1, aliases: 0 }],
    ['{ a { b { c } } d }', { depth: 3, height: 4, fields: 4, rootFields: 2 }],
    ['{ a a a }', { height: 1, fields: 3, selections: 3, rootFields: 1 }],
    ['{ x: a y: a z: a }', { height: 3, aliases: 3, rootFields: 3 }],
    ['{ a { b } a { b } }', { height: 3, selections: 4 }],
    ['{ ... { a ... { b } } }', { depth: 1, nesting: 3, height: 2, rootFields: 2, selections: 4 }],
    ['{ ...F ...F } fragment F on Q { a { b } x: a }', { depth: 2, height: 6, aliases: 2, fields: 3, rootFields: 4 }],
    ['{ a } fragment Unspread on Q { a { b { c } } }', { depth: 3, height: 1, fields: 4, rootFields: 1 }],
    ['{ ...Missing }', { depth: 0, height: 0, selections: 1 }],
    ['{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...A } }', { height: 2, depth: 2 }],
    ['query A { a } query B { b { c } }', { depth: 2, height: 2, fields: 3, selections: 2, allSelections: 3 }],
    ['{ __schema { types { name } } t: __type(name: "X") { name } }', { introspections: 2, aliases: 1 }],
    [
      'query ($v: Int @a @b) @c { f @d { ...F @e ... @f { g } } } fragment F on Q @g { h }',
      { directives: 7, directivesAtOnePlace: 2 },
    ],
    ['{ f(a: [1, [2, 3]], b: { c: [] }) @d(x: [[[4]]]) }', { valueDepth: 3, listItems: 7 }],
    ['query ($a: [[Int!]!] = [[1]], $b: [[[[Int]]]]) { f }', { valueDepth: 4, listItems: 2 }],
  ])('%s', (query, expected) => {
    expect(measured(query)).toMatchObject(expected);
  });

  test('fragments that double each other are walked once each', () => {
    const doubling = Array.from({ length: 100 }, (_, n) => `fragment F${n} on Q { ...F${n + 1} ...F${n + 1} }`);
    const query = `{ ...F0 } ${doubling.join(' ')} fragment F100 on Q { a { b } }`;
    const startedAt = performance.now();
    const { height, depth } = measured(query);
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(height).toBe(2 ** 101);
    expect(depth).toBe(2);
  });
});

describe('a document is refused with a sentence that names the limit', () => {
  const chain = (count: number) =>
    `{ ...F0 } ${Array.from({ length: count }, (_, n) => `fragment F${n} on Q { ${n + 1 < count ? `a { ...F${n + 1} }` : 'a'} }`).join(' ')}`;
  test.each<[string, Partial<DocumentLimits & ValueLimits>, string, string]>([
    [
      'characters',
      { characters: 10 },
      '{ aaaaaaaaaaaaaaaaa }',
      'The document has 21 characters; at most 10 are read. Send long values as variables.',
    ],
    [
      'tokens',
      { tokens: 5 },
      '{ a b c d e }',
      'The document holds more than 5 tokens. Split it, or send values as variables.',
    ],
    [
      'comments',
      { tokens: 5 },
      '#\n#\n#\n#\n#\n#\n{ a }',
      'The document holds more than 5 tokens. Split it, or send values as variables.',
    ],
    [
      'operations',
      { operations: 1 },
      'query A { a } query B { a }',
      'The document holds 2 operations; at most 1 may be. Send the one that is to run.',
    ],
    [
      'fragments',
      { fragments: 1 },
      '{ ...A } fragment A on Q { a } fragment B on Q { a }',
      'The document holds 2 fragments; at most 1 may be. Send those that are spread.',
    ],
    ['fields', { fields: 2 }, '{ a b c }', 'The document holds 3 fields; at most 2 may be. Split it.'],
    ['depth', { depth: 2 }, '{ a { b { c } } }', 'The operation is more than 2 fields deep. Ask for less at a time.'],
    ['depth through fragments', {}, chain(30), 'The operation is more than 25 fields deep. Ask for less at a time.'],
    [
      'inline fragments in each other',
      { depth: 2 },
      '{ ... { ... { ... { ... { a } } } } }',
      'Fields and fragments lie more than 4 deep within each other. Ask for less at a time.',
    ],
    [
      'height',
      { height: 2 },
      '{ a { b } ...F } fragment F on Q { c }',
      'The operation asks for 3 fields with its fragments spread; at most 2 may be. Ask for less at a time.',
    ],
    [
      'selections',
      { selections: 3 },
      '{ a a a a }',
      'The operation has 4 selections with its fragments spread; at most 3 may be. Ask for less at a time.',
    ],
    [
      'aliases',
      { aliases: 1 },
      '{ x: a y: a }',
      'The operation has 2 aliases with its fragments spread; at most 1 may be. Ask for less at a time.',
    ],
    [
      'root fields',
      { rootFields: 1 },
      '{ a b }',
      'The operation has 2 root fields; at most 1 may be. Send several operations.',
    ],
    [
      'one field over and over',
      { overlaps: 3 },
      '{ a a a ... { a } }',
      'The operation asks for the same over and over; at most 3 pairs of fields may share a place in the answer. Ask for each field once.',
    ],
    [
      'the same below',
      { overlaps: 3 },
      '{ ...F a { b b } } fragment F on Q { a { b } }',
      'The operation asks for the same over and over; at most 3 pairs of fields may share a place in the answer. Ask for each field once.',
    ],
    [
      'introspections',
      {},
      '{ a: __schema { x } b: __schema { x } c: __type(name: "T") { x } }',
      'The operation asks 3 times for the schema; at most 2 may be. Ask for it once.',
    ],
    [
      'directives',
      { directives: 2 },
      '{ a @x b @x c @x }',
      'The document holds 3 directives; at most 2 may be. Split it.',
    ],
    [
      'directives at one place',
      { directivesAtOnePlace: 2 },
      '{ a @x @x @x }',
      'The document holds 3 directives at one place; at most 2 may be. Leave out what repeats.',
    ],
    [
      'nested values',
      { valueDepth: 2 },
      '{ a(b: [[[1]]]) }',
      'A value has more than 2 lists and objects within each other. Send flatter values.',
    ],
    [
      'long lists',
      { listItems: 2 },
      '{ a(b: [1, 2, 3]) }',
      'The lists of the document hold more than 2 items together. Send them in several requests.',
    ],
  ])('%s', (_what, options, query, message) => {
    const error = refusal(query, options);
    expect(error?.message).toBe(message);
    expect(error?.extensions).toEqual({ code: 'OPERATION_TOO_COSTLY', http: { status: 400 } });
  });

  test('fields that share a place are allowed as many times as pairs are', () => {
    expect(refusal('{ a a a }', { overlaps: 3 })).toBeUndefined();
    expect(refusal('{ x: a y: a z: a b { a } c { a } }', { overlaps: 0 })).toBeUndefined();
    expect(refusal('{ ...F ...F } fragment F on Q { a }', { overlaps: 0 })).toBeUndefined();
    expect(refusal('{ a { ...F } } fragment F on Q { a { ...F } }', { overlaps: 0 })).toBeUndefined();
  });

  test('numbers nobody can read are rounded', () => {
    const doubling = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Q { ...F${n + 1} ...F${n + 1} }`);
    const wide = refusal(`{ ...F0 } ${doubling.join(' ')} fragment F40 on Q { a }`);
    expect(wide?.message).toContain('has more than a billion selections');
  });

  test('what is no document is the parser’s to explain', () => {
    expect(refusal('{ a')?.message).toContain('Syntax Error');
    expect(refusal('{ a')?.extensions.code).toBeUndefined();
  });
});

test.each([
  ['selection sets', (n: number) => `${'{a'.repeat(n)}${'}'.repeat(n)}`],
  ['lists', (n: number) => `{ a(b: ${'['.repeat(n)}${']'.repeat(n)}) }`],
  ['objects', (n: number) => `{ a(b: ${'{c:'.repeat(n)}1${'}'.repeat(n)}) }`],
  ['types', (n: number) => `query ($v: ${'['.repeat(n)}Int${']'.repeat(n)}) { a }`],
])('%s nested as far as tokens go are refused, not run into', (_what, nested) => {
  for (const n of [60, 500, 1_500, 3_000, 4_900]) {
    expect(refusal(nested(n))?.extensions.code).toBe('OPERATION_TOO_COSTLY');
  }
});

describe('variables', () => {
  const check = (variables: unknown, options: Partial<ValueLimits> = {}) =>
    createLimits(options).checkVariables(variables);

  test('ordinary ones pass, as none do', () => {
    for (const variables of [undefined, null, {}, { a: 1, b: [1, { c: [2] }], text: 'x'.repeat(1_000_000) }]) {
      expect(() => check(variables)).not.toThrow();
    }
    expect(() => check({ a: [[1]] }, { valueDepth: 2 })).not.toThrow();
    expect(() => check({ a: [1, 2], b: [3] }, { listItems: 3 })).not.toThrow();
  });

  test('lists of too many items are refused, together and within each other', () => {
    const message = 'The lists of the variables hold more than 3 items together. Send them in several requests.';
    expect(() => check({ a: [1, 2], b: [3, 4] }, { listItems: 3 })).toThrow(message);
    expect(() => check({ a: [[1, 2], [3]] }, { listItems: 3 })).toThrow(message);
  });

  test('values nested too far are refused, without following them to their end', () => {
    expect(() => check({ a: [[[1]]] }, { valueDepth: 2 })).toThrow('more than 2 lists and objects within each other');
    const endless = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(() => check({ a: endless })).toThrow('within each other');
    const wide = { a: Array.from({ length: 1_000_000 }, () => [1]) };
    const startedAt = performance.now();
    expect(() => check(wide)).toThrow('more than 10000 items');
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

describe('what clients send', () => {
  const folder = fileURLToPath(new URL('../../e2e/operations/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  const latest = {
    inputValueDeprecation: true,
    specifiedByUrl: true,
    oneOf: true,
    schemaDescription: true,
    directiveIsRepeatable: true,
  };
  const documents: [string, string][] = [
    ...files.map((file): [string, string] => [file, readFileSync(join(folder, file), 'utf8')]),
    ['introspection of the explorers', getIntrospectionQuery(latest)],
  ];

  test.each(documents)('%s takes less than half of each limit', (_name, text) => {
    const half = Object.fromEntries(
      Object.entries(defaultDocumentLimits).map(([limit, most]) => [limit, Math.floor(most / 2)]),
    );
    // The explorers' own question is fifteen fields deep.
    expect(refusal(text, { ...half, depth: 20 })).toBeUndefined();
  });
});
