import { type DestinationStream, pino } from 'pino';

/** Milliseconds that lines are gathered: nobody notices the delay, and a busy service writes a hundredth as often. */
const gatherFor = 20;

/** Bytes at which gathered lines are written at once. */
const gatherAtMost = 8 * 1024;

let shared: DestinationStream | undefined;

/**
 * The process's standard output, one for all its loggers, so that their lines keep their order. Writing each line by
 * itself is a system call within every request. A process that ends writes what is left; only one that is killed with
 * SIGKILL loses its last lines.
 */
export function standardOutput(): DestinationStream {
  shared ??= gathered();
  return shared;
}

function gathered(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, minLength: gatherAtMost });
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    output.flushSync();
  };
  process.on('exit', flush);
  return {
    write(line) {
      output.write(line);
      if (scheduled) return;
      scheduled = true;
      setTimeout(flush, gatherFor).unref();
    },
  };
}
