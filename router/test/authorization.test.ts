import type { Viewer } from '@mercato/auth';
import {
  type DocumentNode,
  execute,
  type FieldNode,
  Kind,
  OperationTypeNode,
  parse,
  print,
  stripIgnoredCharacters,
  validate,
  visit,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Authorization } from '../src/authorization/operation-authorization.ts';
import { includedBy } from '../src/shaping/conditions.ts';
import { Selection } from '../src/shaping/selection.ts';
import { shape } from '../src/shaping/shape.ts';
import { compile, composed, federation, viewer } from './graph/authorized-schema.ts';
import { enforcing, guarded, rootValue } from './graph/guarded-shop.ts';

const guest = viewer('guest');
const customer = viewer('customer');
const staff = viewer('staff', 'read', 'cost', 'vault', 'rank', 'code', 'write', 'audit');
const planner = new Set(['planner']);

function authorize(query: string, who: Viewer, { variables = {}, granted = new Set<string>() } = {}): Authorization {
  expect(validate(guarded.schema, parse(query)), 'the query of the test').toEqual([]);
  return compile(guarded, query)?.authorize(who, variables, granted) ?? { kind: 'allowed' };
}

const compact = (document: DocumentNode | undefined) => document && stripIgnoredCharacters(print(document));

/** What a viewer gets of a query: what is run, and what is told of the rest. Whatever is run must be permitted. */
async function outcome(query: string, who: Viewer, { variables = {}, granted = new Set<string>() } = {}) {
  const authorization = authorize(query, who, { variables, granted });
  const document = authorization.kind === 'partly' ? authorization.part.document : parse(query);
  if (authorization.kind !== 'refused' && document) {
    expect(validate(guarded.schema, document), 'what is left').toEqual([]);
    const answer = await execute({
      schema: enforcing,
      document,
      rootValue,
      variableValues: variables,
      contextValue: { viewer: who },
    });
    expect(answer.errors, 'of what is left').toBeUndefined();
  }
  if (authorization.kind === 'allowed') return 'allowed';
  const errors = authorization.errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions.code}`);
  return authorization.kind === 'refused' ? { errors } : { left: compact(document), errors };
}

const denied = (left: string | undefined, ...errors: string[]) => ({ left, errors });
const nothing = undefined;

describe('viewers and fields', () => {
  test.each<[string, Viewer, unknown]>([
    ['{open}', guest, 'allowed'],
    ['{mine}', guest, denied(nothing, 'mine UNAUTHENTICATED')],
    ['{mine}', customer, 'allowed'],
    ['{open stock}', guest, denied('{open}', 'stock UNAUTHENTICATED')],
    ['{open stock}', customer, denied('{open}', 'stock FORBIDDEN')],
    ['{open stock}', viewer('partner', 'read'), 'allowed'],
    ['{open stock}', viewer('staff', 'write'), denied('{open}', 'stock FORBIDDEN')],
    ['{open stock}', viewer('staff', 'write', 'audit'), 'allowed'],
    ['{plan}', staff, denied(nothing, 'plan FORBIDDEN')],
    ['{plan}', guest, denied(nothing, 'plan UNAUTHENTICATED')],
    ['{both}', customer, denied(nothing, 'both FORBIDDEN')],
    ['{a:stock b:stock(of:"x")c:open}', customer, denied('{c:open}', 'a FORBIDDEN', 'b FORBIDDEN')],
    ['{stock stock ...{stock}}', customer, denied(nothing, 'stock FORBIDDEN')],
    ['{product{title cost}}', customer, denied('{product{title}}', 'product.cost FORBIDDEN')],
    ['{product{cost}}', customer, denied('{product{__typename}}', 'product.cost FORBIDDEN')],
    ['{products{a:cost id}}', customer, denied('{products{id}}', 'products.@.@.a FORBIDDEN')],
    [
      '{product{id twin{cost twin{cost}}}}',
      customer,
      denied('{product{id twin{twin{__typename}}}}', 'product.twin.cost FORBIDDEN', 'product.twin.twin.cost FORBIDDEN'),
    ],
    ['{rank code}', customer, denied(nothing, 'rank FORBIDDEN', 'code FORBIDDEN')],
    ['{rank code}', staff, 'allowed'],
    ['{strict{open secret}}', guest, denied('{strict{open}}', 'strict.secret UNAUTHENTICATED')],
  ])('%s for %j', async (query, who, expected) => {
    expect(await outcome(query, who)).toEqual(expected);
  });

  test('policies hold for whom they are granted', async () => {
    expect(await outcome('{plan both}', staff, { granted: planner })).toBe('allowed');
    expect(await outcome('{plan both}', customer, { granted: planner })).toEqual(denied('{plan}', 'both FORBIDDEN'));
    expect(compile(guarded, '{plan both open}')?.policies).toEqual(['planner']);
    expect(compile(guarded, '{mine open}')?.policies).toEqual([]);
  });

  test('messages say what is missing, as subgraphs say it', () => {
    const messagesOf = (query: string, who: Viewer) => {
      const authorization = authorize(query, who);
      return authorization.kind === 'allowed' ? [] : authorization.errors.map(({ message }) => message);
    };
    expect(messagesOf('{stock}', guest)).toEqual(['Sign in to do this.']);
    expect(messagesOf('{stock}', customer)).toEqual(['This needs the scope read, or write and audit.']);
    expect(messagesOf('{both}', customer)).toEqual(['This needs the scope read. This needs the policy planner.']);
  });

  test('an operation that requires nothing is not looked at again', () => {
    for (const query of [
      '{ open }',
      '{ __typename }',
      '{ product { id title twin { __typename } } }',
      '{ named { name: __typename } }',
    ]) {
      expect(compile(guarded, query), query).toBeUndefined();
    }
  });
});

describe('types', () => {
  test.each<[string, Viewer, unknown]>([
    ['{vault{gold}}', customer, denied(nothing, 'vault FORBIDDEN')],
    ['{open vault{__typename}}', customer, denied('{open}', 'vault FORBIDDEN')],
    ['{vault{gold}}', staff, 'allowed'],
    ['{product{maker{name}id}}', guest, denied('{product{id}}', 'product.maker UNAUTHENTICATED')],
    // Which implementation it will be is not known: all that any of them requires.
    ['{named{name}}', customer, denied('{named{__typename}}', 'named.name FORBIDDEN')],
    ['{named{size}}', viewer('staff', 'vault'), 'allowed'],
    ['{named{size}}', guest, denied('{named{__typename}}', 'named.size UNAUTHENTICATED')],
    ['{named{__typename}}', guest, 'allowed'],
    // Within a fragment it is known.
    ['{named{...on Room{name}}}', guest, 'allowed'],
    ['{named{...on Room{name size}}}', guest, denied('{named{...on Room{name}}}', 'named.size UNAUTHENTICATED')],
    [
      '{named{...on Room{name}...on Vault{name gold}}}',
      guest,
      denied('{named{...on Room{name}}}', 'named.name UNAUTHENTICATED', 'named.gold UNAUTHENTICATED'),
    ],
    [
      '{named{...on Vault{__typename gold}}}',
      guest,
      denied('{named{...on Vault{__typename}}}', 'named.gold UNAUTHENTICATED'),
    ],
    ['{named{...on Vault{gold}}}', guest, denied('{named{__typename}}', 'named.gold UNAUTHENTICATED')],
    ['{named{name ...on Room{name door}}}', customer, denied('{named{...on Room{name door}}}', 'named.name FORBIDDEN')],
    ['{named{...on Room{...on Named{name}}}}', guest, 'allowed'],
    [
      '{named{...on Named{...on Vault{gold}...on Room{door}}}}',
      guest,
      denied('{named{...on Named{...on Room{door}}}}', 'named.gold UNAUTHENTICATED'),
    ],
    ['{everything{name}}', customer, denied('{everything{__typename}}', 'everything.@.name FORBIDDEN')],
    // Unions require nothing of their own.
    ['{found{__typename}}', guest, 'allowed'],
    [
      '{found{...on Product{title cost}...on Vault{gold}...on Room{door}}}',
      guest,
      denied(
        '{found{...on Product{title}...on Room{door}}}',
        'found.cost UNAUTHENTICATED',
        'found.gold UNAUTHENTICATED',
      ),
    ],
    ['{found{...on Named{name}}}', guest, denied('{found{__typename}}', 'found.name UNAUTHENTICATED')],
    // What cannot be is not denied.
    ['{named{...on Room{...on Named{...on Vault{gold}}}}}', guest, 'allowed'],
  ])('%s for %j', async (query, who, expected) => {
    expect(await outcome(query, who)).toEqual(expected);
  });
});

describe('fragments', () => {
  test.each<[string, string, Viewer, unknown]>([
    [
      'one that loses all is gone',
      '{...F open}fragment F on Query{stock mine}',
      guest,
      denied('{open}', 'stock UNAUTHENTICATED', 'mine UNAUTHENTICATED'),
    ],
    [
      'one within another',
      '{...F}fragment F on Query{open ...G}fragment G on Query{product{...H}}fragment H on Product{id cost}',
      guest,
      denied(
        '{...F}fragment H on Product{id}fragment G on Query{product{...H}}fragment F on Query{open ...G}',
        'product.cost UNAUTHENTICATED',
      ),
    ],
    [
      'one in two places tells of both',
      '{a:product{...F}b:product{twin{...F}}}fragment F on Product{id cost}',
      customer,
      denied(
        '{a:product{...F}b:product{twin{...F}}}fragment F on Product{id}',
        'a.cost FORBIDDEN',
        'b.twin.cost FORBIDDEN',
      ),
    ],
    [
      'one that is allowed in one of its two places',
      '{named{...N ...on Room{...N}}}fragment N on Named{name}',
      guest,
      denied('{named{...on Room{...N_2}}}fragment N_2 on Named{name}', 'named.name UNAUTHENTICATED'),
    ],
    [
      'whose second name is taken',
      '{named{...on Room{...N}...N}...N_2}fragment N on Named{name}fragment N_2 on Query{open}',
      guest,
      denied(
        '{named{...on Room{...N}}...N_2}fragment N on Named{name}fragment N_2 on Query{open}',
        'named.name UNAUTHENTICATED',
      ),
    ],
    ['inline, without a type', '{...{mine open}}', guest, denied('{...{open}}', 'mine UNAUTHENTICATED')],
  ])('%s', async (_what, query, who, expected) => {
    expect(await outcome(query, who)).toEqual(expected);
  });

  test('that spread each other over and over are told of in good time', () => {
    const levels = Array.from({ length: 40 }, (_, level) => {
      const next = level < 39 ? `a:twin{...F${level + 1}} b:twin{...F${level + 1}}` : 'cost';
      return `fragment F${level} on Product{id ${next}}`;
    });
    const query = `{product{...F0}}${levels.join('')}`;
    const compiled = compile(guarded, query);
    const authorization = compiled?.authorize(customer, {});
    expect(authorization).toMatchObject({ kind: 'partly' });
    expect(authorization?.kind === 'partly' && authorization.errors).toHaveLength(100);
    expect(compiled?.authorize(staff, {})).toEqual({ kind: 'allowed' });
  });
});

describe('variables', () => {
  test('those that only denied fields use are gone', async () => {
    const query = 'query Q($of:String$id:ID$x:Boolean!){product(id:$id){title cost(in:$of)@include(if:$x)}}';
    expect(await outcome(query, customer, { variables: { x: true } })).toEqual(
      denied('query Q($id:ID){product(id:$id){title}}', 'product.cost FORBIDDEN'),
    );
  });

  const conditional = 'query($a:Boolean!$b:Boolean!){open stock@include(if:$a)@skip(if:$b)}';
  test.each([
    [true, false, denied('{open}', 'stock FORBIDDEN')],
    [false, false, 'allowed'],
    [true, true, 'allowed'],
    [false, true, 'allowed'],
  ])('@include(if: %s) @skip(if: %s)', async (a, b, expected) => {
    expect(await outcome(conditional, customer, { variables: { a, b } })).toEqual(expected);
  });

  test.each<[string, Record<string, boolean>, unknown]>([
    ['query($x:Boolean!){open ...@include(if:$x){stock}}', { x: false }, 'allowed'],
    ['query($x:Boolean!){open ...@include(if:$x){stock}}', { x: true }, denied('{open}', 'stock FORBIDDEN')],
    ['query($x:Boolean!){open ...F@skip(if:$x)}fragment F on Query{stock}', { x: true }, 'allowed'],
    [
      'query($x:Boolean!){open ...F@skip(if:$x)}fragment F on Query{stock}',
      { x: false },
      denied('{open}', 'stock FORBIDDEN'),
    ],
    [
      'query($x:Boolean!){open ...F@skip(if:$x)...F}fragment F on Query{stock}',
      { x: true },
      denied('{open}', 'stock FORBIDDEN'),
    ],
    ['query($x:Boolean!){product@include(if:$x){id cost}}', { x: false }, 'allowed'],
    // One of two is there: the other has no error, and the field is not read for it either.
    ['query($x:Boolean!){a:stock@include(if:$x)b:stock open}', { x: false }, denied('{open}', 'b FORBIDDEN')],
    ['{open stock@include(if:false)mine@skip(if:true)}', {}, 'allowed'],
    ['{open stock@include(if:true)mine@skip(if:false)}', {}, denied('{open mine@skip(if:false)}', 'stock FORBIDDEN')],
  ])('%s with %j', async (query, variables, expected) => {
    expect(await outcome(query, customer, { variables })).toEqual(expected);
  });
});

describe('answers', () => {
  /** What is left is run, with all types known and what else a plan may read, and shaped as the viewer asked for it. */
  async function answerTo(query: string, who: Viewer, read: Record<string, unknown> = {}) {
    const authorization = authorize(query, who);
    if (authorization.kind !== 'partly') throw new Error('It should be allowed in part.');
    const { document, shape: asked, denied: fields } = authorization.part;
    const typed =
      document && visit(document, { SelectionSet: (set) => ({ ...set, selections: [typename, ...set.selections] }) });
    const run =
      typed && (await execute({ schema: enforcing, document: typed, rootValue, contextValue: { viewer: who } }));
    const data = JSON.parse(JSON.stringify({ ...run?.data, ...read }));
    const definition = asked.definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION);
    const root = guarded.schema.getRootType(definition?.operation ?? OperationTypeNode.QUERY);
    if (!definition || !root) throw new Error('There is no operation.');
    const fragments = new Map(
      asked.definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])),
    );
    const parts = { schema: guarded.schema, fragments, included: includedBy({}), denied: fields };
    return shape(new Selection(root, [definition.selectionSet], parts), data).data;
  }
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

  test.each<[string, Viewer, unknown]>([
    ['{mine open}', guest, { mine: null, open: 'open' }],
    ['{mine}', guest, { mine: null }],
    ['{product{cost}}', guest, { product: { cost: null } }],
    ['{products{title c:cost}}', guest, { products: [[{ title: 'Shirt', c: null }], []] }],
    // A null that may not be one takes what is around it.
    ['{open strict{open secret}}', guest, { open: 'open', strict: null }],
    [
      '{everything{name size}}',
      guest,
      {
        everything: [
          { name: null, size: null },
          { name: null, size: null },
        ],
      },
    ],
    // An implementation shows what may be seen of it.
    [
      '{everything{name ...on Room{name door}}}',
      guest,
      { everything: [{ name: null }, { name: 'Hall', door: 'oak' }] },
    ],
    [
      '{everything{...N ...on Room{...N}}}fragment N on Named{name}',
      guest,
      { everything: [{ name: null }, { name: 'Hall' }] },
    ],
    ['{everything{...on Vault{gold}}}', guest, { everything: [{ gold: null }, {}] }],
    ['{named{__typename ...on Vault{__typename gold}}}', guest, { named: { __typename: 'Vault', gold: null } }],
    // Of one object, some fields are asked for where they are denied, and others where they are not.
    [
      '{everything{keeper{name}...on Room{k:keeper{phone}}}}',
      guest,
      { everything: [{ keeper: null }, { keeper: null, k: { phone: '1' } }] },
    ],
    [
      '{everything{keeper{n:name}...on Room{keeper{phone}}}}',
      guest,
      { everything: [{ keeper: null }, { keeper: { n: null, phone: '1' } }] },
    ],
    [
      '{everything{keeper{phone}...on Room{keeper{name}}}}',
      guest,
      { everything: [{ keeper: null }, { keeper: null }] },
    ],
    [
      '{everything{keeper{...K}...on Room{keeper{...K}}}}fragment K on Keeper{name}',
      guest,
      { everything: [{ keeper: null }, { keeper: { name: 'Bo' } }] },
    ],
  ])('%s for %j', async (query, who, expected) => {
    expect(await answerTo(query, who)).toEqual(expected);
  });

  test('what is denied is not told, though it was read for something else', async () => {
    expect(await answerTo('{mine open}', guest, { mine: 'read as a key' })).toEqual({ mine: null, open: 'open' });
  });
});

describe('what is not to be seen in part', () => {
  test.each<[string, Viewer, unknown]>([
    ['mutation{reprice}', customer, { errors: ['reprice FORBIDDEN'] }],
    ['mutation{open reprice}', guest, { errors: ['reprice UNAUTHENTICATED'] }],
    [
      'mutation{open ...F}fragment F on Mutation{a:reprice b:reprice}',
      customer,
      { errors: ['a FORBIDDEN', 'b FORBIDDEN'] },
    ],
    ['mutation($x:Boolean!){open reprice@include(if:$x)}', customer, 'allowed'],
    [
      'mutation{reprice rename{product{cost}}}',
      viewer('staff', 'write'),
      denied('mutation{reprice rename{product{__typename}}}', 'rename.product.cost FORBIDDEN'),
    ],
  ])('%s for %j', async (query, who, expected) => {
    expect(await outcome(query, who, { variables: query.includes('$x') ? { x: false } : {} })).toEqual(expected);
  });

  test('a subscription is refused, or has less of each event', () => {
    expect(authorize('subscription{repriced}', customer)).toMatchObject({ kind: 'refused' });
    expect(authorize('subscription{repriced}', staff)).toEqual({ kind: 'allowed' });
    const at = authorize('subscription{moved{id cost}}', customer);
    if (at.kind !== 'partly' || !at.part.document) throw new Error('It should be allowed in part.');
    expect(compact(at.part.document)).toBe('subscription{moved{id}}');
  });

  test('at each event the same is the same part, and other rights are another', () => {
    const compiled = compile(guarded, 'subscription{moved{id cost maker{name}}}');
    const keyFor = (who: Viewer) => {
      const authorization = compiled?.authorize(who, {});
      return authorization?.kind === 'partly' ? authorization.part : authorization?.kind;
    };
    expect(keyFor(customer)).toBe(keyFor(viewer('partner')));
    expect(keyFor(guest)).not.toBe(keyFor(customer));
    expect(keyFor(viewer('staff', 'cost'))).toBe('allowed');
  });

  test('by setting, nothing is', () => {
    const compiled = compile(guarded, 'query($x:Boolean!){open stock@include(if:$x)}');
    expect(compiled?.authorize(customer, { x: true }, undefined, 'refuse')).toMatchObject({
      kind: 'refused',
      errors: [{ path: ['stock'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect(compiled?.authorize(customer, { x: false }, undefined, 'refuse')).toEqual({ kind: 'allowed' });
  });
});

describe('the graph itself', () => {
  test.each([
    '{__schema{types{name}}}',
    '{__type(name:"Vault"){name fields{name}}}',
    '{__typename}',
    'mutation{__typename}',
  ])('%s is for everyone', async (query) => {
    expect(await outcome(query, guest)).toBe('allowed');
  });

  test('of a protected root nothing but its name is', async () => {
    const closed = composed(`${federation()} type Query @authenticated { a: Int b: Int }`);
    const authorization = compile(closed, '{ __typename a __schema { queryType { name } } }')?.authorize(guest, {});
    if (authorization?.kind !== 'partly') throw new Error('It should be allowed in part.');
    expect(compact(authorization.part.document)).toBe('{__typename __schema{queryType{name}}}');
    expect(authorization.errors).toMatchObject([{ path: ['a'] }]);
  });

  test('subgraphs are asked for entities, the router is not', () => {
    const query = '{ _entities(representations: []) { __typename } }';
    expect(validate(guarded.schema, parse(query))).toMatchObject([{ message: expect.stringContaining('_entities') }]);
  });

  test('a key that is read on the way to another subgraph is not asked for', () => {
    const joined = composed(
      `${federation()} type Query { p: P } type P @key(fields: "id") { id: ID! @authenticated title: String }`,
      `${federation()} type P @key(fields: "id") { id: ID! @authenticated weight: Int }`,
    );
    expect(compile(joined, '{ p { title weight } }')).toBeUndefined();
    expect(compile(joined, '{ p { id weight } }')?.authorize(guest, {})).toMatchObject({ kind: 'partly' });
  });
});
