import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print, separateOperations } from 'graphql';
import { root } from '../environment.ts';
import type { GraphQLRequest } from '../load/client.ts';

const folder = join(root, 'e2e', 'operations');

/** The operations that clients send, by name, as they write them. */
const documents: ReadonlyMap<string, string> = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .flatMap((file) => Object.entries(separateOperations(parse(readFileSync(join(folder, file), 'utf8')))))
    .map(([name, document]) => [name, print(document)]),
);

export function operation(name: string, variables: Readonly<Record<string, unknown>> = {}): GraphQLRequest {
  const query = documents.get(name);
  if (!query) throw new Error(`No client document holds an operation ${name}.`);
  return { query, variables };
}
