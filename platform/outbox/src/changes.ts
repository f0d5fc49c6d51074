import { mostBroadcastBytes } from '@mercato/queue';
import { z } from 'zod';
import type { EventDefinition } from './event.ts';

/** Entities of a subgraph that are not what they were. */
export interface EntityChange {
  /** Name of the type in the graph. */
  readonly type: string;
  /** Values of any of their key fields; all entities of the type without. */
  readonly keys?: readonly string[] | undefined;
}

/** The topic on which they are told to whoever keeps answers of subgraphs. */
export const entityChangesTopic = 'entity_changes';

const message = z.tuple([z.string(), z.array(z.tuple([z.string()], z.string()))]);

/** Beyond it a change is told of the whole type: who hears of so many has little left to keep. */
const mostKeys = 2_000;

/** What happened, as changes: each type once, with all its keys. */
export function changesOf(
  events: readonly { readonly name: string; readonly payload?: unknown }[],
  definitions: readonly EventDefinition[],
): EntityChange[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const byType = new Map<string, Set<string> | 'all'>();
  for (const { name, payload } of events) {
    const definition = byName.get(name);
    // One that breaks its contract fails where it is heard, and must not hold up the others here.
    const parsed = definition?.changes && definition.payload.safeParse(payload);
    if (!parsed?.success) continue;
    for (const { type, keys } of definition?.changes?.(parsed.data) ?? []) {
      const known = byType.get(type) ?? new Set<string>();
      if (known === 'all') continue;
      for (const key of keys ?? []) known.add(key);
      byType.set(type, keys && known.size <= mostKeys ? known : 'all');
    }
  }
  return [...byType].map(([type, keys]) => (keys === 'all' ? { type } : { type, keys: [...keys] }));
}

/** As messages that each fit into a broadcast. */
export function encodeChanges(subgraph: string, changes: readonly EntityChange[]): string[] {
  const messages: string[] = [];
  for (const { type, keys } of changes) {
    // Keys that are none in this graph, such as whole texts, would fit nowhere.
    const fitting = keys?.every((key) => Buffer.byteLength(key) < mostBroadcastBytes / 8) ? keys : undefined;
    if (!fitting) messages.push(JSON.stringify([subgraph, [[type]]]));
    else for (const part of partsOf(fitting)) messages.push(JSON.stringify([subgraph, [[type, ...part]]]));
  }
  return messages;
}

function* partsOf(keys: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const key of keys) {
    const size = Buffer.byteLength(JSON.stringify(key)) + 1;
    if (bytes + size > mostBroadcastBytes / 2) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(key);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Undefined for a message that is none of ours. */
export function decodeChanges(text: string): { subgraph: string; changes: EntityChange[] } | undefined {
  const { success, data } = message.safeParse(parseJson(text));
  if (!success) return undefined;
  const [subgraph, changes] = data;
  return { subgraph, changes: changes.map(([type, ...keys]) => (keys.length > 0 ? { type, keys } : { type })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
