-- What subscriptions are fed by: names of what changed, told with the change.
CREATE FUNCTION tell_live(names text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Digests: of one length however long a name is, as a notification holds at most 8000 bytes.
  PERFORM pg_notify('live_change', string_agg(digest, ' ')) FROM (
    SELECT left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32) AS digest, (row_number() OVER () - 1) / 200 AS part
    FROM (SELECT DISTINCT unnest(names) AS name) distinct_names) digests
  GROUP BY part;
END $$;

CREATE FUNCTION tell_availability() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM tell_live(ARRAY(SELECT 'sku:' || sku FROM new_rows WHERE available <> 0));
  ELSE
    PERFORM tell_live(ARRAY(
      SELECT 'sku:' || n.sku FROM new_rows n JOIN old_rows o USING (sku)
      WHERE (n.available, n.reorder_point) IS DISTINCT FROM (o.available, o.reorder_point)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sku_availability_inserted AFTER INSERT ON sku_availability REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tell_availability();
CREATE TRIGGER sku_availability_updated AFTER UPDATE ON sku_availability
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tell_availability();

-- Thresholds decide what is told of every sku.
CREATE FUNCTION tell_inventory_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY['settings']);
  RETURN NULL;
END $$;
CREATE TRIGGER inventory_settings_updated AFTER UPDATE ON inventory_settings
  FOR EACH STATEMENT EXECUTE FUNCTION tell_inventory_settings();
