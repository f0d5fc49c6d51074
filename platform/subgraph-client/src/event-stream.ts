import { StringDecoder } from 'node:string_decoder';

export interface StreamedEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Reads server-sent events from the pieces in which they arrive. What subgraphs need of the format: `event` and `data`
 * fields, comments; ids and reconnection times are left out.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamReader {
  readonly #decoder = new StringDecoder('utf8');
  /** The line that has not ended yet, in the pieces in which it came: a long one is put together once. */
  #rest: string[] = [];
  #pending = 0;
  #type = '';
  #data: string[] = [];

  /** Characters of an event that has not ended yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The events that this piece completes. */
  read(chunk: Buffer): StreamedEvent[] {
    const text = this.#decoder.write(chunk);
    this.#pending += text.length;
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = [...this.#rest, lines[0]].join('');
      this.#rest = [];
    }
    this.#rest.push(last);
    const events = lines.flatMap((line) => this.#take(line.endsWith('\r') ? line.slice(0, -1) : line) ?? []);
    if (lines.length > 0 && this.#data.length === 0) this.#pending = last.length;
    return events;
  }

  #take(line: string): StreamedEvent | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    // A comment: the other side shows that it is there.
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#type = value;
    if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #dispatch(): StreamedEvent | undefined {
    // `complete` comes with an empty data field, or with none.
    const event = this.#type || this.#data.length > 0 ? { type: this.#type, data: this.#data.join('\n') } : undefined;
    this.#type = '';
    this.#data = [];
    return event;
  }
}
