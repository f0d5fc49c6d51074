/** Bytes of a message: what Postgres' NOTIFY takes. */
export const mostBroadcastBytes = 7_999;

/** How many messages of a topic Redis remembers, or a few more. */
export const mostBroadcasts = 10_000;

/** Where Postgres notifies of a topic; each message is a payload. */
export const broadcastChannel = (topic: string): string => `mercato_${topic}`;

/** The stream that Redis keeps of a topic; each entry's field `message` is one. */
export const broadcastStream = (topic: string, prefix = 'mercato'): string => `${prefix}:broadcast:${topic}`;
