import { readFileSync } from 'node:fs';
import './lib/node-version.mjs';
import { makeReady } from './lib/ready.mjs';
import { inRoot, root } from './lib/root.mjs';
import { runMain } from './lib/steps.mjs';
import { becomeProgram } from './lib/typescript.mjs';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(readFileSync(inRoot('launcher', 'help.txt')));
} else {
  await runMain(makeReady);
  process.chdir(root);
  process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
  await becomeProgram(inRoot('launcher', 'src', 'main.ts'));
}
