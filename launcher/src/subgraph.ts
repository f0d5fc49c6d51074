import { DatabaseSetupError } from '@mercato/database';
import { EnvironmentError } from '@mercato/environment';
import { subgraphs } from '@mercato/schema';
import { createLogger } from '@mercato/telemetry';
import { addInstance } from './add-instance.ts';
import { readOptions } from './environment.ts';
import { untilInterrupted } from './interrupted.ts';
import { errorSentence, LaunchError } from './launch-error.ts';

const help = `Adds an instance of a subgraph to the system that runs in a data folder.

  npm run subgraph -- inventory    ${subgraphs.map(({ name }) => name).join(', ')}

  --data-dir FOLDER    of the running system           (MERCATO_DATA_DIR, default .mercato)
  --log-level LEVEL    debug, info, warn or error      (LOG_LEVEL, default warn)

The system must have been started with npm start -- --processes. The instance answers calls on a free port, with the
system's database, queues and keys; the router and the services find it by themselves. Ctrl-C withdraws it: it finishes
what it has, and no call fails.`;

const tell = (line: string) => console.log(line);

async function main(): Promise<void> {
  const [subgraph, ...args] = process.argv.slice(2);
  if (subgraph === undefined || subgraph === '--help' || subgraph === '-h') return tell(help);
  const options = readOptions(args);
  if (!options) return tell(help);
  const logger = createLogger({ name: subgraph, level: options.logLevel, pretty: true });
  const instance = await addInstance(options.dataDir, subgraph, logger);
  const interrupted = untilInterrupted(() => tell('Withdrawing …'));
  tell(`Another instance of ${subgraph} answers at ${instance.url}. Ctrl-C withdraws it.`);
  await Promise.race([interrupted, instance.systemEnded.then(() => tell('The system has ended.'))]);
  await instance.stop();
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const expected = [EnvironmentError, LaunchError, DatabaseSetupError].some((kind) => error instanceof kind);
    console.error(expected ? errorSentence(error) : error);
    process.exit(1);
  },
);
