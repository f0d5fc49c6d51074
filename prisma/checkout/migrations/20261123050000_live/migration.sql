-- What subscriptions are fed by: names of what changed, told with the change.
CREATE FUNCTION tell_live(names text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Digests: of one length however long a name is, as a notification holds at most 8000 bytes.
  PERFORM pg_notify('live_change', string_agg(digest, ' ')) FROM (
    SELECT left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32) AS digest, (row_number() OVER () - 1) / 200 AS part
    FROM (SELECT DISTINCT unnest(names) AS name) distinct_names) digests
  GROUP BY part;
END $$;

-- A new order is followed by nobody yet; its rows are few, so each tells for itself.
CREATE FUNCTION tell_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY['order:' || NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER customer_order_updated AFTER UPDATE ON customer_order FOR EACH ROW EXECUTE FUNCTION tell_order();

CREATE FUNCTION tell_order_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY(SELECT DISTINCT 'order:' || order_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER order_timeline_entry_inserted AFTER INSERT ON order_timeline_entry REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_order_of_part();
CREATE TRIGGER payment_inserted AFTER INSERT ON payment REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_order_of_part();
CREATE TRIGGER payment_updated AFTER UPDATE ON payment REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_order_of_part();
