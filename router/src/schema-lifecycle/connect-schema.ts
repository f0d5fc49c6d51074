import { readFileSync } from 'node:fs';
import type { Registry } from '@mercato/registry';
import type { Logger } from '@mercato/telemetry';
import { disableApolloTelemetry } from '../environment.ts';
import { messageOf, RouterSetupError } from '../setup-error.ts';
import { fileSource } from './file-source.ts';
import { publishedSource } from './published-source.ts';
import type { SchemaSource } from './schema-source.ts';
import type { SchemaChecks } from './served-schema.ts';
import type { GraphosGraph } from './settings.ts';

export interface SchemaConnection {
  /** A supergraph's file, which others write. */
  readonly file: string | undefined;
  readonly graphos: GraphosGraph | undefined;
  /** Asked instead of Apollo's. */
  readonly uplinkUrls: readonly string[] | undefined;
  /** Where subgraphs publish what they serve. */
  readonly registry: Registry | undefined;
  /** What is served until all of them have. */
  readonly committed: string;
  readonly checks: SchemaChecks;
  readonly logger: Logger;
}

/**
 * The first schema and where new ones come from: a file that was named, else GraphOS, else what subgraphs publish, else
 * nowhere.
 * @throws RouterSetupError where the file cannot be read, or GraphOS gives none
 */
export async function connectSchema(
  connection: SchemaConnection,
): Promise<{ readonly supergraphSdl: string; readonly schemaSource: SchemaSource | undefined }> {
  const { file, graphos, uplinkUrls, registry, committed, checks, logger } = connection;
  if (file) return { supergraphSdl: readNamed(file), schemaSource: fileSource(file, { logger }) };
  if (graphos) {
    disableApolloTelemetry();
    const { uplinkSource } = await import('../graphos/uplink-source.ts');
    return uplinkSource(graphos, { urls: uplinkUrls, logger }).catch((error: unknown) => {
      throw new RouterSetupError(`GraphOS gave no schema for ${graphos.graphRef}: ${messageOf(error)}`);
    });
  }
  const schemas = await registry?.schemas();
  return {
    supergraphSdl: readFileSync(committed, 'utf8'),
    schemaSource: schemas && publishedSource(schemas, { checks, logger }),
  };
}

function readNamed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RouterSetupError(`SUPERGRAPH_FILE cannot be read: ${messageOf(error)}`);
  }
}
