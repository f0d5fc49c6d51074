/** One process that serves a subgraph. */
export interface Instance {
  /** Names the process, not its address: one that was started again at the same address is another. */
  readonly id: string;
  /** Of its GraphQL endpoint. */
  readonly url: string;
  /** The host that `url`'s address was found under: the `Host` header, and the name in its certificate. */
  readonly hostName?: string | undefined;
  /** SHA-256 of the SDL it serves. */
  readonly schemaHash?: string | undefined;
  /** It is about to end: it still answers, but is not to be chosen any more. */
  readonly draining?: boolean | undefined;
}

/** Knows which processes serve a subgraph now. */
export interface InstanceSource {
  /** The same array for as long as nothing changed: it is asked at each call. */
  instancesOf(subgraph: string): readonly Instance[];
  /** Tells of every change from now on. @returns what ends it */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

const none: readonly Instance[] = [];

/** A list that never changes: for each subgraph its address, or several. */
export function staticInstances(urls: Readonly<Record<string, string | readonly string[]>>): InstanceSource {
  const lists = new Map(
    Object.entries(urls).map(([subgraph, given]) => [
      subgraph,
      (typeof given === 'string' ? [given] : given).map((url): Instance => ({ id: url, url })),
    ]),
  );
  return {
    instancesOf: (subgraph) => lists.get(subgraph) ?? none,
    onChange: () => () => undefined,
    close: async () => {},
  };
}

/** One instance a subgraph, at an address that is asked for at each call, so that it may change. */
export function instancesByUrl(urlOf: (subgraph: string) => string | undefined): InstanceSource {
  const lists = new Map<string, readonly Instance[]>();
  return {
    instancesOf(subgraph) {
      const url = urlOf(subgraph);
      if (url === undefined) return none;
      const known = lists.get(subgraph);
      if (known?.[0]?.url === url) return known;
      const list = [{ id: url, url }];
      lists.set(subgraph, list);
      return list;
    },
    onChange: () => () => undefined,
    close: async () => {},
  };
}
