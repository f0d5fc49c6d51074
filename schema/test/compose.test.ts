import { readFileSync } from 'node:fs';
import { Source } from 'graphql';
import { expect, test } from 'vitest';
import { CompositionError, composeSupergraph, readSubgraphs, supergraphFile } from '../compose.ts';
import { eventRoutes, subgraphs } from '../subgraphs.ts';

const federation = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const part = (name: string, ...lines: string[]) => ({
  name,
  source: new Source([federation, ...lines].join('\n'), `subgraphs/${name}/schema.graphql`),
});

const messageOf = (compose: () => string): string => {
  try {
    compose();
  } catch (error) {
    if (error instanceof CompositionError) return error.message;
    throw error;
  }
  throw new Error('It composed.');
};

test('the committed supergraph is what the subgraphs compose to', () => {
  expect(readFileSync(supergraphFile, 'utf8')).toBe(`${composeSupergraph()}\n`);
});

test('every subgraph of the list has a schema, and no address is in the supergraph', () => {
  expect(readSubgraphs().map(({ name }) => name)).toEqual(subgraphs.map(({ name }) => name));
  const urls = [...readFileSync(supergraphFile, 'utf8').matchAll(/@join__graph\(name: "(\w+)", url: "([^"]+)"\)/g)];
  expect(urls.map(([, name, url]) => [name, url])).toEqual(
    [...subgraphs].map(({ name }) => [name, `http://${name}`]).sort(),
  );
});

test('a problem is told with its file, line and column', () => {
  const message = messageOf(() =>
    composeSupergraph([
      part(
        'one',
        'type Query { product: Product }',
        'type Product @key(fields: "id") {',
        '  id: ID!',
        '  title: String!',
        '}',
      ),
      part('two', 'type Product @key(fields: "id") {', '  id: ID!', '  title: Int', '}'),
    ]),
  );
  expect(message).toMatch(/^subgraphs\/(one\/schema\.graphql:5:3|two\/schema\.graphql:4:3) .*Product\.title/m);
});

test('every problem is told, each on a line of its own', () => {
  const message = messageOf(() =>
    composeSupergraph([
      part('one', 'type Query { a: A }', 'type A { same: Int }', 'type B { same: Int }', 'extend type Query { b: B }'),
      part('two', 'type A { same: Int }', 'type B { same: Int }'),
    ]),
  );
  expect(message.split('\n').filter((line) => line.startsWith('subgraphs/')).length).toBeGreaterThanOrEqual(2);
  expect(message).toContain('A.same');
  expect(message).toContain('B.same');
});

test('SDL that does not parse names its place too', () => {
  const message = messageOf(() => composeSupergraph([part('one', 'type Query { a: Int }', 'typo X { y: Int }')]));
  expect(message).toMatch(/^subgraphs\/one\/schema\.graphql:3:1 Syntax Error/);
});

test('who hears of an event is read from the one list', () => {
  expect(eventRoutes['order.placed']).toEqual(['cart', 'shipping']);
  for (const hearers of Object.values(eventRoutes)) expect(new Set(hearers).size).toBe(hearers.length);
});
