import { DatabaseSetupError } from '@mercato/database';
import { EnvironmentError } from '@mercato/environment';
import { createLogger } from '@mercato/telemetry';
import { help, readOptions } from './environment.ts';
import { launch } from './launch.ts';
import { errorSentence, LaunchError } from './launch-error.ts';

/** Errors whose message is the whole story for whoever typed the command. */
const expected = [EnvironmentError, LaunchError, DatabaseSetupError];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(help);
    return;
  }
  const logger = createLogger({ name: 'launcher', level: options.logLevel, pretty: true });
  const running = await launch(options, logger, (line) => console.log(line));

  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log('Stopping …');
    await running.stop();
    process.exit();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const isExpected =
    expected.some((kind) => error instanceof kind) ||
    (error instanceof Error && error.name === 'QueueUnavailableError');
  console.error(isExpected ? errorSentence(error) : error);
  process.exit(1);
});
