import { defineConfig } from 'vitest/config';

/** Every package's tests are one project; tests that share processes or ports are kept in `e2e`, which runs its files one after the other. */
export default defineConfig({
  test: {
    projects: [{ test: { name: 'platform', include: ['platform/*/test/**/*.test.ts', 'schema/test/**/*.test.ts'] } }],
  },
});
