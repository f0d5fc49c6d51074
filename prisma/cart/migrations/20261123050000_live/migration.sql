-- What subscriptions are fed by: names of what changed, told with the change.
CREATE FUNCTION tell_live(names text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Digests: of one length however long a name is, as a notification holds at most 8000 bytes.
  PERFORM pg_notify('live_change', string_agg(digest, ' ')) FROM (
    SELECT left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32) AS digest, (row_number() OVER () - 1) / 200 AS part
    FROM (SELECT DISTINCT unnest(names) AS name) distinct_names) digests
  GROUP BY part;
END $$;

CREATE FUNCTION tell_carts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY(SELECT 'cart:' || secret FROM changed));
  RETURN NULL;
END $$;
-- Whoever changes lines changes the version of their cart with them.
CREATE TRIGGER cart_updated AFTER UPDATE ON cart REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_carts();
CREATE TRIGGER cart_deleted AFTER DELETE ON cart REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_carts();

CREATE FUNCTION tell_catalog_variants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY(
    SELECT 'variant:' || n.sku FROM new_variants n JOIN old_variants o USING (sku)
    WHERE (n.title, n.prices, n.sellable) IS DISTINCT FROM (o.title, o.prices, o.sellable)));
  RETURN NULL;
END $$;
CREATE TRIGGER catalog_variant_updated AFTER UPDATE ON catalog_variant
  REFERENCING OLD TABLE AS old_variants NEW TABLE AS new_variants
  FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_variants();
