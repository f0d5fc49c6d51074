-- What the hourly clean-up looks for (platform/retention).
CREATE INDEX "idempotency_record_created_at_idx" ON "idempotency_record"("created_at");
CREATE INDEX "inbox_event_received_at_idx" ON "inbox_event"("received_at");
CREATE INDEX outbox_event_published ON outbox_event (published_at) WHERE published_at IS NOT NULL;
