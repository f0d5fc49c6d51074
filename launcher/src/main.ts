import { DatabaseSetupError } from '@mercato/database';
import { EnvironmentError } from '@mercato/environment';
import { QueueUnavailableError } from '@mercato/queue';
import { RouterSetupError } from '@mercato/router/setup-error';
import { createLogger } from '@mercato/telemetry';
import { help, readOptions } from './environment.ts';
import { untilInterrupted } from './interrupted.ts';
import { announce, launch } from './launch.ts';
import { errorSentence, LaunchError } from './launch-error.ts';

/** Errors whose message is the whole story for whoever typed the command. */
const expected = [EnvironmentError, LaunchError, DatabaseSetupError, QueueUnavailableError, RouterSetupError];
const tell = (line: string) => console.log(line);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    tell(help());
    return;
  }
  const logger = createLogger({ name: 'launcher', level: options.logLevel, pretty: true });
  const unwanted = new AbortController();
  const interrupted = untilInterrupted(() => {
    tell('Stopping …');
    unwanted.abort();
  });
  try {
    const running = await launch(options, { logger, tell, signal: unwanted.signal });
    announce(options, tell);
    await interrupted;
    await running.stop();
  } catch (error) {
    if (!unwanted.signal.aborted) throw error;
  }
  process.exit();
}

main().catch((error: unknown) => {
  console.error(expected.some((kind) => error instanceof kind) ? errorSentence(error) : error);
  process.exit(1);
});
