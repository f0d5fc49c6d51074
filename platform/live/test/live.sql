CREATE FUNCTION tell_live(names text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('live_change', string_agg(digest, ' ')) FROM (
    SELECT left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32) AS digest, (row_number() OVER () - 1) / 200 AS part
    FROM (SELECT DISTINCT unnest(names) AS name) distinct_names) digests
  GROUP BY part;
END $$;

CREATE TABLE thing (id text PRIMARY KEY, state int NOT NULL DEFAULT 0);
CREATE FUNCTION tell_things() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_live(ARRAY(SELECT 'thing:' || id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER thing_changed AFTER UPDATE ON thing REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_things();
