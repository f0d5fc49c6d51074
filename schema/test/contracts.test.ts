import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, separateOperations, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractDocument } from '../build-contract.ts';
import { composeSupergraph } from '../compose.ts';
import { contractFile, contracts } from '../contracts.ts';

test.each(Object.entries(contracts))(
  'the committed contract %s is what the tags make (npm run compose)',
  (name, filter) => {
    expect(readFileSync(contractFile(name), 'utf8')).toBe(contractDocument(composeSupergraph(), filter));
  },
);

describe('what partners see', () => {
  const schema = buildSchema(readFileSync(contractFile('partner'), 'utf8'));
  const file = fileURLToPath(new URL('../../e2e/operations/partner/partner.graphql', import.meta.url));
  const operations = separateOperations(parse(readFileSync(file, 'utf8')));

  test.each(['CatalogFeed', 'AvailabilityBySku', 'PartnerCount'])('%s', (name) => {
    const document = operations[name];
    expect(document && validate(schema, document)).toEqual([]);
  });

  test.each([
    ['carts', '{ cart(id: "x") { id } }'],
    ['checkouts', '{ checkout(id: "x") { id } }'],
    ['orders', '{ orders { nodes { email } } }'],
    ['one order', '{ order(id: "x") { email } }'],
    ['stock by warehouse', '{ stockLevels { nodes { onHand } } }'],
    ['warehouses', '{ warehouses { nodes { code } } }'],
    ['movements of stock', '{ stockMovements { nodes { type } } }'],
    ['content', '{ blogPosts { nodes { slug } } }'],
    ['reconciliation', '{ reconciliationRuns { nodes { id } } }'],
    ['imports', '{ catalogImport(id: "x") { id } }'],
    ['changing a product', 'mutation { productUpdate(input: { id: "x" }) { product { id } } }'],
    ['adjusting stock', 'mutation { stockAdjust(input: {}) { __typename } }'],
    ['buying', 'mutation { checkoutComplete(input: {}) { __typename } }'],
    ['service fields', 'mutation { stockReserve(input: {}) { __typename } }'],
    ['facets of products', '{ products { facets { kind } } }'],
    ['types of other domains', '{ __type(name: "Order") { name } products { nodes { ... on Order { id } } } }'],
  ])('not %s', (_what, document) => {
    expect(validate(schema, parse(document)).length).toBeGreaterThan(0);
  });
});
