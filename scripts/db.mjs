import './lib/node-version.mjs';
import { installPackages } from './lib/install.mjs';
import { inRoot } from './lib/root.mjs';
import { runMain } from './lib/steps.mjs';
import { becomeProgram } from './lib/typescript.mjs';

await runMain(installPackages);
await becomeProgram(inRoot('scripts', 'db.ts'));
