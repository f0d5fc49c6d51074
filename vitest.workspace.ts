import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// A package's tests are one project: `npx vitest run --project inventory`. `platform/*` share one, named `platform`.
const subgraphs = readdirSync(join(import.meta.dirname, 'subgraphs'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

// Node loads graphql's CommonJS build, for us and for Apollo's packages; Vite would pick its ES module build for us
// alone, and two copies of graphql refuse each other's schemas.
const graphql = { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') };

function project(name: string, folder: string): TestProjectInlineConfiguration {
  return {
    resolve: { alias: [graphql] },
    test: {
      name,
      include: [`${folder}/test/**/*.test.ts`],
      pool: 'forks',
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  };
}

export default defineConfig({
  test: {
    globalSetup: './platform/testkit/src/global-setup.ts',
    maxWorkers: 2,
    projects: [
      project('platform', 'platform/*'),
      project('schema', 'schema'),
      project('scripts', 'scripts'),
      project('router', 'router'),
      project('content-server', 'content-server'),
      project('payment-sandbox', 'payment-sandbox'),
      project('launcher', 'launcher'),
      ...subgraphs.map(({ name }) => project(name, `subgraphs/${name}`)),
      // Its tests start whole systems: one file after the other, once everything else has finished.
      {
        resolve: { alias: [graphql] },
        test: {
          ...project('e2e', 'e2e').test,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
