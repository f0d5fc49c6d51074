import type { Viewer } from '@mercato/auth';
import {
  execute,
  type FieldNode,
  type GraphQLCompositeType,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { includedBy } from '../src/shaping/conditions.ts';
import { Selection } from '../src/shaping/selection.ts';
import { shape } from '../src/shaping/shape.ts';
import { compile, viewer } from './graph/authorized-schema.ts';
import { enforcing, guarded, rootValue } from './graph/guarded-shop.ts';

const { schema } = guarded;

/** Numbers from 0 up to 1 that look random, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Writes some valid query: fields, aliases, fragments in all places that fit, conditions. */
class Writer {
  readonly #random: () => number;
  readonly #fragments: { name: string; on: GraphQLCompositeType; text: string }[] = [];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  query(): string {
    for (let number = 0; number < 4; number += 1) {
      const on = this.#pick(types);
      this.#fragments.push({ name: `F${number}`, on, text: `fragment F${number} on ${on.name} ${this.#set(on, 2)}` });
    }
    const body = this.#set(schema.getQueryType() ?? this.#pick(types), 4);
    const used = new Set<string>();
    const need = (text: string) => {
      for (const [, name = ''] of text.matchAll(/\.\.\.(F\d)/g)) {
        if (used.has(name)) continue;
        used.add(name);
        need(this.#fragments.find((fragment) => fragment.name === name)?.text ?? '');
      }
    };
    need(body);
    const fragments = this.#fragments.filter(({ name }) => used.has(name)).map(({ text }) => text);
    const text = [body, ...fragments].join('\n');
    const variables = ['a', 'b'].filter((name) => text.includes(`$${name}`)).map((name) => `$${name}: Boolean!`);
    return `query Q${variables.length > 0 ? `(${variables.join()})` : ''} ${text}`;
  }

  #set(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: 1 + Math.floor(this.#random() * 4) }, () => this.#selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const roll = this.#random();
    if (roll < 0.15 || isUnionType(type)) {
      const fitting = types.filter((other) => overlap(type, other));
      const named = this.#fragments.filter(({ on }) => overlap(type, on));
      if (named.length > 0 && this.#random() < 0.5) return `...${this.#pick(named).name}${this.#condition()}`;
      if (depth > 0 && fitting.length > 0) {
        const on = this.#pick(fitting);
        return `... on ${on.name}${this.#condition()} ${this.#set(on, depth - 1)}`;
      }
      return '__typename';
    }
    if (roll < 0.2) return '__typename';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    if (fields.length === 0) return '__typename';
    const field = this.#pick(fields);
    const returned = getNamedType(field.type);
    // One name for a field of one type wherever it stands: such fields merge.
    const alias = this.#random() < 0.5 ? `${type.name}_${field.name}` : `x_${type.name}_${field.name}`;
    const set = isCompositeType(returned) ? this.#set(returned, depth - 1) : '';
    return `${alias}: ${field.name}${this.#condition()} ${set}`;
  }

  #condition(): string {
    const roll = this.#random();
    if (roll < 0.8) return '';
    return ` @${roll < 0.9 ? 'skip' : 'include'}(if: ${this.#pick(['$a', '$b', 'true', 'false'])})`;
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }
}

const types = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLCompositeType =>
    isCompositeType(type) && !/^(__|Query|Mutation|Subscription|Renamed)/.test(type.name),
);

const objectsOf = (type: GraphQLCompositeType) =>
  'getFields' in type && !('resolveType' in type) ? [type] : schema.getPossibleTypes(type as never);
const overlap = (one: GraphQLCompositeType, other: GraphQLCompositeType) =>
  objectsOf(one).some((object) => objectsOf(other).some(({ name }) => name === object.name));

const viewers: Viewer[] = [
  viewer('guest'),
  viewer('customer'),
  viewer('partner', 'vault'),
  viewer('staff', 'read', 'cost'),
  viewer('staff', 'write', 'vault', 'rank'),
];

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

async function run(document: ReturnType<typeof parse>, who: Viewer, variables: Record<string, boolean>) {
  const answer = await execute({
    schema: enforcing,
    document,
    rootValue,
    variableValues: variables,
    contextValue: { viewer: who },
  });
  return { data: JSON.parse(JSON.stringify(answer.data ?? null)), errors: answer.errors ?? [] };
}

/** Whether an answer tells nothing that another does not, and has all of its names. */
function isWithin(told: unknown, known: unknown): boolean {
  if (told === null) return true;
  if (Array.isArray(told)) {
    return (
      Array.isArray(known) &&
      told.length === known.length &&
      told.every((entry, index) => isWithin(entry, known[index]))
    );
  }
  if (typeof told !== 'object') return told === known;
  if (typeof known !== 'object' || known === null || Array.isArray(known)) return false;
  const one = told as Record<string, unknown>;
  const other = known as Record<string, unknown>;
  return (
    Object.keys(one).sort().join() === Object.keys(other).sort().join() &&
    Object.keys(one).every((name) => isWithin(one[name], other[name]))
  );
}

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

test('whatever is asked, what is left is valid and permitted, and the answer tells no more than the subgraph by itself', async () => {
  const outcomes = { allowed: 0, partly: 0, nothing: 0 };
  for (const seed of seeds) {
    const query = new Writer(seed).query();
    const original = parse(query);
    expect(validate(schema, original), `seed ${seed}: ${query}`).toEqual([]);
    const who = viewers[seed % viewers.length] ?? viewer('guest');
    const variables = { a: seed % 2 === 0, b: seed % 3 === 0 };
    const authorization = compile(guarded, query)?.authorize(who, variables) ?? { kind: 'allowed' };
    const itself = await run(original, who, variables);
    if (authorization.kind === 'allowed') {
      outcomes.allowed += 1;
      expect(itself.errors, `seed ${seed}: ${query}`).toEqual([]);
      continue;
    }
    if (authorization.kind === 'refused') throw new Error('A query is never refused.');
    const { document, shape: asked, denied } = authorization.part;
    expect(authorization.errors.length).toBeGreaterThan(0);
    outcomes[document ? 'partly' : 'nothing'] += 1;
    if (document) expect(validate(schema, document), `left of seed ${seed}: ${query}`).toEqual([]);
    const typed =
      document && visit(document, { SelectionSet: (set) => ({ ...set, selections: [typename, ...set.selections] }) });
    const left = typed ? await run(typed, who, variables) : { data: {}, errors: [] };
    expect(left.errors, `left of seed ${seed}: ${query}`).toEqual([]);
    const definition = asked.definitions.find(
      (part): part is OperationDefinitionNode => part.kind === Kind.OPERATION_DEFINITION,
    );
    const root = schema.getQueryType();
    if (!definition || !root) throw new Error('There is no query.');
    const fragments = new Map(
      asked.definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])),
    );
    const parts = { schema, fragments, included: includedBy(variables), denied };
    const { data } = shape(new Selection(root, [definition.selectionSet], parts), left.data);
    expect(
      isWithin(data, itself.data),
      `seed ${seed}: ${query}\n${JSON.stringify(data)}\n${JSON.stringify(itself.data)}`,
    ).toBe(true);
  }
  // The queries are such that all of it happens.
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(5);
});
