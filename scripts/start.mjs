import './lib/node-version.mjs';
import { makeReady } from './lib/ready.mjs';
import { inRoot, root } from './lib/root.mjs';
import { runMain } from './lib/steps.mjs';
import { becomeProgram } from './lib/typescript.mjs';

const HELP = `Starts Mercato: installs and generates what is missing, then runs everything behind one GraphQL endpoint.

  npm start                     one process, with its own Postgres
  npm start -- --processes      one process a service and a worker, HTTP between them

Flags
  --processes         one Node process a service and worker
  --reset             deletes the data folder first
  --no-seed           leaves the shop empty
  --port <number>     the router's port (PORT)
  --help              this text

Environment
  PORT                the router's port, 4000 unless set
  MERCATO_DATA_DIR    where databases and keys are kept, .mercato/ unless set
  DATABASE_URL        a Postgres of yours whose role may create databases, instead of the embedded one
  REDIS_URL           a Redis of yours; without it one found on PATH, else queues live in Postgres
  HYGRAPH_ENDPOINT, HYGRAPH_TOKEN
                      a Hygraph project, instead of the local content server

Ctrl-C stops everything. Node 20.19 or newer and npm are all that is needed.
`;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(HELP);
} else {
  await runMain(makeReady);
  process.chdir(root);
  process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
  await becomeProgram(inRoot('launcher', 'src', 'main.ts'));
}
