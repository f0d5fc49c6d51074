export { LiveFeed, type LiveFeedOptions } from './feed.ts';
export { type Reading, readAgain } from './read-again.ts';
