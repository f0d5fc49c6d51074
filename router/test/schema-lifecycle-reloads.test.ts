import { setTimeout as wait } from 'node:timers/promises';
import { composeSupergraph } from '@mercato/schema/compose';
import { Source } from 'graphql';
import { expect, test } from 'vitest';
import type { SchemaHost } from '../src/schema-lifecycle/schema-source.ts';
import { runGraph } from './graph/running-graph.ts';
import { catalogSdl, stockSdl } from './graph/shop.ts';

const seconds = 30;

const version = (number: number) =>
  composeSupergraph([
    { name: 'catalog', source: new Source(catalogSdl) },
    { name: 'stock', source: new Source(stockSdl.replace('type Query {', `type Query { version${number}: Int`)) },
  ]);

test(`a new schema every second for ${seconds} s under load: no request fails, no old schema stays`, async () => {
  let host: SchemaHost | undefined;
  const graph = await runGraph({
    schemaSource: {
      start(given) {
        host = given;
      },
      close: async () => {},
    },
  });
  const until = Date.now() + seconds * 1_000;
  const failures: string[] = [];
  let answered = 0;
  const asker = async (id: number): Promise<void> => {
    for (let turn = 0; Date.now() < until; turn += 1) {
      // Most are known, some are new.
      const name = turn % 10 === 0 ? `New${id}x${turn}` : `Known${id}`;
      const { data, errors } = await graph.ask(`query ${name} { product(id: ${id}) { id title available } }`);
      if (errors.length > 0 || !data?.product) failures.push(JSON.stringify({ name, data, errors }));
      answered += 1;
    }
  };
  const asking = Promise.all([1, 2, 3].map(asker));
  let served = 0;
  for (let number = 1; Date.now() < until; number += 1) {
    const next = wait(1_000);
    const outcome = await host?.offer(version(number), 'refuse');
    if (outcome?.kind === 'serving') served += 1;
    else failures.push(JSON.stringify(outcome));
    await next;
  }
  await asking;
  await graph.close();
  expect(failures).toEqual([]);
  expect(served).toBeGreaterThan(seconds / 6);
  expect(answered).toBeGreaterThan(100);
}, 120_000);
