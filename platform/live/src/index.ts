export { LiveFeed, type LiveFeedOptions } from './feed.ts';
export { Listener } from './listener.ts';
export { type Reading, readAgain } from './read-again.ts';
