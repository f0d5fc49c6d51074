import './lib/node-version.mjs';
import { makeReady } from './lib/ready.mjs';
import { runMain } from './lib/steps.mjs';

await runMain(makeReady);
