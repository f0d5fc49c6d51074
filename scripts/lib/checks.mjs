import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from './generate.mjs';
import { inRoot } from './root.mjs';
import { node, run, tool } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped?: number, output?: string }} CheckResult */

const supergraph = inRoot('schema', 'supergraph.graphql');
const committed = existsSync(supergraph) ? readFileSync(supergraph, 'utf8') : '';

/** Every check in the order in which it runs: cheap ones first. */
export const checks = [
  { name: 'lint', run: () => program(...tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings')) },
  { name: 'types', run: () => program(...tool('typescript/bin/tsc', '--noEmit', '-p', '.')) },
  { name: 'composition', run: checkComposition },
  { name: 'migrations', run: () => program(...node('scripts/check-migrations.ts')) },
  { name: 'unused', run: () => program(...tool('knip/bin/knip.js')) },
  { name: 'tests', run: runTests },
];

async function program(file, args) {
  const { code, output } = await run(file, args);
  return outcome(code === 0, output);
}

const outcome = (ok, output) => (ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, output });

/** The composed schema on disk is the one the subgraphs make; in CI it is also the committed one. */
async function checkComposition() {
  await compose();
  if (readFileSync(supergraph, 'utf8') !== committed) {
    return outcome(false, 'schema/supergraph.graphql was not what the subgraphs compose to; it is now: commit it.');
  }
  if (!process.env.CI || !existsSync(inRoot('.git'))) return outcome(true);
  const { code, output } = await run('git', ['diff', '--exit-code', 'schema/']);
  return outcome(code === 0, output);
}

/** Vitest's report counts tests; a file that could not be loaded or set up and an error outside of tests count too. */
async function runTests(args = []) {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code } = await run(...tool('vitest/vitest.mjs', 'run', ...reporters, ...args), { show: true });
    if (!existsSync(report)) return outcome(false, 'Vitest ended without a report.');
    return count(JSON.parse(readFileSync(report, 'utf8')), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report, code) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failed = report.numFailedTests + unloaded.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
