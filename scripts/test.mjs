import './lib/node-version.mjs';
import { checks } from './lib/checks.mjs';
import { makeReady } from './lib/ready.mjs';
import { ensureRedis } from './lib/redis.mjs';
import { runMain } from './lib/steps.mjs';

const HELP = `Runs every check and every test, and ends with the line "N passed, N failed".

  npm test                                everything
  npm test -- --only tests                one check: ${checks.map(({ name }) => name).join(', ')}
  npm test -- --only tests subgraphs/cart what follows is passed to vitest

Environment
  DATABASE_URL            a Postgres whose role may create databases; without it an embedded one
  REDIS_URL               a Redis; without it one on PATH, which is installed where apt-get and root are to be had
  MERCATO_SAMPLE_DATA     a folder with shopify-*.csv and stores.json of real shops; without it their tests skip
  MERCATO_TEST_DATA_DIR   where the embedded Postgres of the tests lives, .mercato-test/ unless set
`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) process.stdout.write(HELP);
else await runMain(main);

async function main() {
  const { selected, rest } = select();
  if (!selected) return;
  await makeReady();
  await ensureRedis();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const check of selected) {
    const result = await runCheck(check, rest);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped ?? 0;
  }
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function select() {
  const at = args.indexOf('--only');
  if (at < 0) return { selected: checks, rest: args };
  const selected = checks.filter(({ name }) => name === args[at + 1]);
  if (selected.length > 0) return { selected, rest: args.filter((_, index) => index !== at && index !== at + 1) };
  console.error(`--only wants one of: ${checks.map(({ name }) => name).join(', ')}.`);
  process.exitCode = 1;
  return { selected: null, rest: [] };
}

async function runCheck(check, rest) {
  const started = performance.now();
  const result = await check.run(rest);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`);
  if (result.output) console.log(result.output.trimEnd());
  return result;
}
