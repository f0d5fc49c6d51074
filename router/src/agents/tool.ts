import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Documents } from '../operations/documents.ts';
import { RequestError } from '../operations/request-error.ts';
import { inputSchemaOf, type JsonSchema } from './input-schema.ts';

/** A document that agents may run, as it stands in its file. */
export interface ToolDocument {
  /** The file's name without its end, such as `search_products`. */
  readonly name: string;
  /** The comment that the file begins with: what an agent goes by. */
  readonly description: string;
  readonly text: string;
}

/** A tool as the Model Context Protocol describes it. */
export interface Tool {
  readonly name: string;
  /** For people, such as `Search products`. */
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema & { readonly type: 'object' };
  readonly annotations: { readonly readOnlyHint: boolean; readonly openWorldHint: boolean };
}

/** A folder of tools that cannot be used. */
export class ToolsError extends Error {
  override readonly name = 'ToolsError';
}

/**
 * Reads a folder of tools: a `.graphql` file each, one operation in it, with a comment above that says what it is for.
 * @throws ToolsError
 */
export function readTools(folder: string): ToolDocument[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
    return files.sort().map((file) => toolIn(file, readFileSync(join(folder, file), 'utf8')));
  } catch (error) {
    if (error instanceof ToolsError) throw error;
    throw new ToolsError(`The folder of tools ${folder} cannot be read: ${String(error)}`);
  }
}

function toolIn(file: string, text: string): ToolDocument {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const description = lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s?/, ''))
    .join(' ')
    .trim();
  if (description === '') throw new ToolsError(`${file} wants a comment above its operation that says what it is for.`);
  return { name: file.slice(0, -'.graphql'.length), description, text };
}

/**
 * What the tool takes, by the schema that is served.
 * @throws RequestError when its document does not hold for this schema
 */
export function describeTool({ name, description, text }: ToolDocument, documents: Pick<Documents, 'read'>): Tool {
  const { definition, document, graph, type } = documents.read(text, undefined);
  if (type === OperationTypeNode.SUBSCRIPTION) {
    throw new RequestError([new GraphQLError('A tool answers once: it cannot be a subscription.')]);
  }
  const reads = type === OperationTypeNode.QUERY;
  return {
    name,
    title: titleOf(name),
    description,
    inputSchema: { ...inputSchemaOf(graph.schema, document, definition), type: 'object' },
    // Of a mutation it is not said that it only adds: agents may ask the shopper first.
    annotations: { readOnlyHint: reads, openWorldHint: false },
  };
}

const titleOf = (name: string): string => {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
