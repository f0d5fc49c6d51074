import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print, separateOperations } from 'graphql';

const folder = join(import.meta.dirname, '../operations');

/** Every operation that clients send, by name: its text with the fragments it spreads, as they write them. */
export const documents: ReadonlyMap<string, string> = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .flatMap((file) => Object.entries(separateOperations(parse(readFileSync(join(folder, file), 'utf8')))))
    .map(([name, document]) => [name, print(document)]),
);

export function documentOf(operationName: string): string {
  const document = documents.get(operationName);
  if (!document) throw new Error(`No client document holds an operation ${operationName}.`);
  return document;
}
