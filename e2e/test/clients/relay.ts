import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SupergraphUnderTest } from '../../src/supergraph.ts';
import { relayModules } from './relay-modules.ts';

/** The program that the package brings for this platform. */
const compiler = z.string().parse(createRequire(import.meta.url)('relay-compiler'));

async function post<Data = Record<string, unknown>>(shop: SupergraphUnderTest, body: object) {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { data: Data; errors?: { message: string }[] };
}

export function describeRelay(running: () => SupergraphUnderTest): void {
  describe('relay-compiler', () => {
    let folder: string;
    /** Texts of compiled operations, by name, as the compiler hands them out for a server's safelist. */
    let persisted: ReadonlyMap<string, string>;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mercato-relay-'));
      const { data } = await post<IntrospectionQuery>(running(), { query: getIntrospectionQuery() });
      const schema = buildClientSchema(data);
      writeFileSync(join(folder, 'schema.graphql'), printSchema(schema));
      mkdirSync(join(folder, 'src'));
      for (const [name, text] of relayModules(schema)) {
        writeFileSync(join(folder, 'src', `${name}.ts`), `export const document = graphql\`${text}\`;\n`);
      }
      const config = {
        src: 'src',
        schema: 'schema.graphql',
        language: 'typescript',
        artifactDirectory: 'generated',
        customScalarTypes: { Decimal: 'string', DateTime: 'string' },
        persistConfig: { file: 'persisted.json', algorithm: 'SHA256' },
      };
      mkdirSync(join(folder, 'generated'));
      writeFileSync(join(folder, 'persisted.json'), '{}');
      writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config));
      await promisify(execFile)(compiler, ['--repersist', 'relay.config.json'], { cwd: folder });
      const texts = z
        .record(z.string(), z.string())
        .parse(JSON.parse(readFileSync(join(folder, 'persisted.json'), 'utf8')));
      persisted = new Map(Object.entries(texts));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test("compiles the storefront's documents, fragments, and connections that Relay pages through", () => {
      const artifacts = readdirSync(join(folder, 'generated'));
      expect(artifacts).toEqual(
        expect.arrayContaining([
          'ProductListQuery.graphql.ts',
          'ProductCard_product.graphql.ts',
          'CatalogPaginationQuery.graphql.ts',
        ]),
      );
      expect(persisted.size).toBeGreaterThan(10);
    });

    test('what it compiled runs, and is known by its hash from then on', async () => {
      const [hash, query] = [...persisted].find(([, text]) => text.includes('query CatalogPaginationQuery')) ?? [];
      const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
      const variables = { count: 2 };
      const first = await post(running(), { query, variables, extensions });
      expect(first.errors).toBeUndefined();
      expect(first.data).toMatchObject({
        products: { edges: [{ cursor: expect.any(String) }, {}], pageInfo: { hasNextPage: true } },
      });
      expect(await post(running(), { variables, extensions })).toEqual(first);
    });
  });
}
