import { Listener } from '@mercato/live';
import { decodeChanges, entityChangesTopic } from '@mercato/outbox';
import { broadcastChannel, reasonOf } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import type { ChangeFeed, ChangeFollower } from './changes.ts';

/** Hears changes where the queues live in Postgres. What is told while nobody listens is lost, and then all is. */
export function postgresChanges(databaseUrl: string, logger: Logger): ChangeFeed {
  let listener: Listener | undefined;
  let isClosed = false;
  /** Whatever was kept until it listens may have changed unheard. */
  const begin = async (heard: Listener, follower: ChangeFollower): Promise<void> => {
    while (!isClosed) {
      try {
        await heard.listening();
        follower.missed();
        return;
      } catch (error) {
        if (!isClosed) logger.warn({ reason: reasonOf(error) }, 'Changes of entities cannot be heard of yet');
      }
    }
  };
  let beginning: Promise<void> | undefined;
  return {
    // Changes are not numbered here, so that nobody could tell what another router keeps.
    isUpToDate: false,
    follow(follower) {
      listener ??= new Listener({
        databaseUrl,
        channel: broadcastChannel(entityChangesTopic),
        logger,
        onNotification: (payload) => {
          const changed = decodeChanges(payload);
          if (changed) follower.heard({ ...changed, number: undefined });
        },
        onRecovered: () => follower.missed(),
      });
      beginning ??= begin(listener, follower);
    },
    async close() {
      isClosed = true;
      await listener?.close();
      await beginning;
    },
  };
}
