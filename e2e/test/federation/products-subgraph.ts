import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ViewerVerifier } from '@mercato/auth';
import { createSubgraphServer, type Subgraph, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { parse } from 'graphql';

const schemaFile = createRequire(import.meta.url).resolve(
  '@apollo/federation-subgraph-compatibility-tests/products.graphql',
);

/** The schema that the specification's tests want implemented. */
export const productsSdl = readFileSync(schemaFile, 'utf8');

const author = { email: 'support@apollographql.com', name: 'Jane Smith', totalProductsCreated: 1_337 };

const studies = {
  federation: { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  studio: { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
};

const dimensions = { size: 'small', weight: 1, unit: 'kg' };

const products = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    dimensions,
    createdBy: author,
    notes: null,
    research: [studies.federation],
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    dimensions,
    createdBy: author,
    notes: null,
    research: [studies.studio],
  },
];

const deprecated = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: author,
};

type ProductKey = { id: string } | { sku: string; package: string } | { sku: string; variation: { id: string } };

const isProduct = (key: ProductKey) => (product: (typeof products)[number]) => {
  if ('id' in key) return product.id === key.id;
  if (product.sku !== key.sku) return false;
  return 'package' in key ? product.package === key.package : product.variation.id === key.variation.id;
};

const deprecatedBy = (key: { sku: string; package: string }) =>
  key.sku === deprecated.sku && key.package === deprecated.package ? deprecated : null;

interface UserReference {
  email: string;
  totalProductsCreated?: number;
  yearsOfEmployment?: number;
}

const resolvers = {
  Query: {
    product: (_parent: unknown, { id }: { id: string }) => products.find(isProduct({ id })) ?? null,
    deprecatedProduct: (_parent: unknown, key: { sku: string; package: string }) => deprecatedBy(key),
  },
  Product: { __resolveReference: (key: ProductKey) => products.find(isProduct(key)) ?? null },
  DeprecatedProduct: { __resolveReference: deprecatedBy },
  ProductResearch: {
    __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
      Object.values(studies).find((known) => known.study.caseNumber === study.caseNumber) ?? null,
  },
  User: {
    __resolveReference: (reference: UserReference) =>
      reference.email === author.email ? { ...author, ...reference } : null,
    averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }: UserReference) =>
      totalProductsCreated === undefined || !yearsOfEmployment
        ? null
        : Math.round(totalProductsCreated / yearsOfEmployment),
  },
  Inventory: {
    __resolveReference: ({ id }: { id: string }) => ({
      id,
      deprecatedProducts: id === 'apollo-oss' ? [deprecated] : [],
    }),
  },
};

/** The subgraph under test: made as every domain of the shop is. */
export const createProducts = (verifier: ViewerVerifier): Subgraph =>
  createSubgraphServer<SubgraphCall>({
    name: 'products',
    typeDefs: parse(productsSdl),
    resolvers,
    verifier,
    logger: createLogger({ name: 'products', level: 'warn' }),
    context: (call) => call,
    ready: async () => {},
    close: async () => {},
  });
