import { EnvironmentError } from '@mercato/environment';
import { createLogger } from '@mercato/telemetry';
import type { Benchmark } from './benchmark.ts';
import { type BenchmarkName, benchmarkNames } from './benchmark-names.ts';
import { help, readOptions } from './environment.ts';
import { isMissedGate } from './report/figure.ts';
import { describeMachine, machine } from './report/machine.ts';
import { printTable, type Section } from './report/table.ts';

/** Loaded when chosen: each brings other parts of the product. */
const benchmarks: Readonly<Record<BenchmarkName, () => Promise<Benchmark>>> = {
  gateways: async () => (await import('./gateways/benchmark.ts')).gateways,
  router: async () => (await import('./router/benchmark.ts')).router,
  subscriptions: async () => (await import('./subscriptions/benchmark.ts')).subscriptions,
  statements: async () => (await import('./statements/benchmark.ts')).statements,
  stores: async () => (await import('./stores/benchmark.ts')).stores,
  'product-list': async () => (await import('./product-list/benchmark.ts')).productList,
  import: async () => (await import('./import/benchmark.ts')).importing,
  reconciliation: async () => (await import('./reconciliation/benchmark.ts')).reconciliation,
};

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(help);
    return;
  }
  const measuredOn = machine();
  const logger = createLogger({ name: 'benchmarks', level: 'warn', pretty: true });
  const tell = (line: string) => console.error(line);
  const signal = untilInterrupted();
  const sections: Section[] = [];
  const failures: { benchmark: string; reason: string }[] = [];
  for (const name of benchmarkNames.filter((known) => options.names.includes(known))) {
    tell(`${name} …`);
    try {
      const benchmark = await benchmarks[name]();
      sections.push({ benchmark: name, figures: await benchmark({ ...options, tell, logger, signal }) });
    } catch (error) {
      if (signal.aborted) process.exit(130);
      // The others still say something; the exit code tells of this one.
      failures.push({
        benchmark: name,
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  const missed = sections.flatMap(({ figures }) => figures.filter(isMissedGate));
  if (options.json) {
    console.log(JSON.stringify({ machine: measuredOn, quick: options.quick, sections, failures }, null, 2));
  } else {
    console.log(`\n${describeMachine(measuredOn)}${options.quick ? ' (quick: not to be quoted)' : ''}\n`);
    console.log(printTable(sections));
  }
  for (const { benchmark, reason } of failures) console.error(`\n${benchmark} failed: ${reason}`);
  for (const { name } of missed) console.error(`\nGate missed: ${name}`);
  process.exit(missed.length + failures.length === 0 ? 0 : 1);
}

/** Aborted at Ctrl-C, once what runs has been stopped: databases would outlive this process. */
function untilInterrupted(): AbortSignal {
  const interruption = new AbortController();
  const interrupt = async () => {
    interruption.abort();
    // Loaded by now if there is anything to stop.
    const { stopAllSystems } = await import('./system/system.ts');
    await stopAllSystems();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  return interruption.signal;
}

main().catch((error: unknown) => {
  console.error(error instanceof EnvironmentError ? error.message : error);
  process.exit(1);
});
