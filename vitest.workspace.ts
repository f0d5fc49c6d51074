import { readdirSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// A package's tests are one project: `npx vitest run --project inventory`. `platform/*` share one, named `platform`.
const subgraphs = readdirSync('subgraphs', { withFileTypes: true }).filter((entry) => entry.isDirectory());

function project(name: string, folder: string): TestProjectInlineConfiguration {
  return {
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
