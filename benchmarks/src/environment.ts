import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError, readEnvironment } from '@mercato/environment';
import { z } from 'zod';
import { benchmarkNames } from './benchmark-names.ts';
import { gatewayNames, operationNames } from './gateways/names.ts';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '../..');

export const help = `npm run bench [-- names] [options]     measures, and prints a table

  names         ${benchmarkNames.join(', ')}; all of them unless named
  --only LIST   of gateways: its operations (${operationNames.join(', ')}) and gateways (${gatewayNames.join(', ')}) to run,
                such as nested,ours,stock
  --quick       few and short rounds: to see that it runs, not to quote; of gateways, the nested query of
                distinct identities with ours and stock unless --only says otherwise
  --json        prints JSON instead of the table
  --help        this text

  MERCATO_SAMPLE_DATA   a folder with shopify-*.csv and stores.json: real input for import and stores
  BENCH_PROFILE_DIR     of gateways and router: where CPU profiles of our router are written when it ends
  BENCH_DATA_DIR        where the measured systems keep their data, .mercato-bench/ unless set; erased first

The exit code is 1 when a gate is missed. Figures to quote want a machine that does nothing else.`;

export interface BenchmarkOptions {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  /** Parts of a benchmark to run; empty for what is usual. */
  readonly only: readonly string[];
  /** Where profiles of our router go. */
  readonly profileDir: string | undefined;
  /** Real input, where it is to be had. */
  readonly sampleData: string | undefined;
  readonly dataDir: string;
}

/**
 * @returns null when help was asked for
 * @throws EnvironmentError naming what is wrong
 */
export function readOptions(args: readonly string[]): BenchmarkOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const unknown = positionals.find((name) => !benchmarkNames.some((known) => known === name));
  if (unknown) throw new EnvironmentError(`There is no benchmark ${unknown}; there are ${benchmarkNames.join(', ')}.`);
  const environment = readEnvironment({
    MERCATO_SAMPLE_DATA: z.string().optional(),
    BENCH_PROFILE_DIR: z.string().optional(),
    BENCH_DATA_DIR: z.string().default('.mercato-bench'),
  });
  const only = (values.only ?? '').split(',').filter(Boolean);
  const parts = [...operationNames, ...gatewayNames];
  const strange = only.find((part) => !parts.some((known) => known === part));
  if (strange) throw new EnvironmentError(`--only knows no ${strange}; it knows ${parts.join(', ')}.`);
  return {
    names: positionals.length > 0 ? positionals : benchmarkNames,
    quick: values.quick,
    json: values.json,
    only,
    profileDir: environment.BENCH_PROFILE_DIR && resolve(root, environment.BENCH_PROFILE_DIR),
    sampleData: environment.MERCATO_SAMPLE_DATA,
    dataDir: resolve(root, environment.BENCH_DATA_DIR),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new EnvironmentError(error instanceof Error ? error.message : String(error));
  }
}

/** What measured processes inherit: such as PATH, and nothing that would set our services up otherwise. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ, LANG } = process.env;
  return { PATH, HOME, TMPDIR, TZ, LANG, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' };
}
