import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// A package's tests are one project: `npx vitest run --project inventory`. `platform/*` share one, named `platform`.
const subgraphs = readdirSync(join(import.meta.dirname, 'subgraphs'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

// Node loads graphql's CommonJS build, for us and for Apollo's packages; Vite would pick its ES module build for us
// alone, and two copies of graphql refuse each other's schemas.
const graphql = { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') };

// A thread that translates its sources anew takes longer to start than to plan, and the tests start hundreds.
const threads = join(import.meta.dirname, 'node_modules', '.mercato', 'test-threads');
await build({
  configFile: false,
  logLevel: 'warn',
  build: { ssr: 'router/src/planning/planning-worker.ts', outDir: threads, minify: false },
  ssr: { noExternal: /^@mercato\// },
});
const bundledThreads: Plugin = {
  name: 'bundled-threads',
  transform: (code) =>
    code.replace("new URL('./planning-worker.ts', import.meta.url)", () => {
      return `new URL(${JSON.stringify(pathToFileURL(join(threads, 'planning-worker.js')))})`;
    }),
};

function project(name: string, folder: string): TestProjectInlineConfiguration {
  return {
    plugins: [bundledThreads],
    resolve: { alias: [graphql] },
    test: {
      name,
      include: [`${folder}/test/**/*.test.ts`],
      pool: 'forks',
      isolate: false,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      // A second is little on a machine where three files run at once on two cores.
      expect: { poll: { timeout: 15_000 } },
    },
  };
}

export default defineConfig({
  test: {
    globalSetup: './platform/testkit/src/global-setup.ts',
    maxWorkers: 3,
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
        plugins: [bundledThreads],
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
