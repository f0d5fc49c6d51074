CREATE TABLE outbox_event (
  id text PRIMARY KEY, name text NOT NULL, aggregate_id text NOT NULL, version int NOT NULL, payload jsonb NOT NULL,
  request_id text, traceparent text, occurred_at timestamptz(3) NOT NULL DEFAULT now(), claimed_until timestamptz(3), published_at timestamptz(3));
CREATE TABLE inbox_event (event_id text PRIMARY KEY, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE INDEX outbox_event_unpublished ON outbox_event (occurred_at, id) WHERE published_at IS NULL;
CREATE FUNCTION notify_outbox_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY outbox_event; RETURN NULL; END $$;
CREATE TRIGGER outbox_event_notify AFTER INSERT ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox_event();
CREATE TABLE effect (event_id text NOT NULL);
