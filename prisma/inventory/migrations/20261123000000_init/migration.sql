-- Skus and warehouse ids compare byte by byte: it is quicker than a language's order, and the same on every server.

-- CreateEnum
CREATE TYPE "stock_movement_type" AS ENUM ('RECEIPT', 'ADJUSTMENT', 'SALE', 'RETURN', 'TRANSFER_OUT', 'TRANSFER_IN', 'COUNT');

-- CreateEnum
CREATE TYPE "stock_adjustment_reason" AS ENUM ('DAMAGED', 'LOST', 'FOUND', 'CORRECTION', 'THEFT', 'SAMPLE');

-- CreateEnum
CREATE TYPE "reservation_status" AS ENUM ('HELD', 'CONFIRMED', 'FULFILLED', 'RELEASED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "stock_count_status" AS ENUM ('SUBMITTED', 'COMPARED', 'REJECTED');

-- CreateEnum
CREATE TYPE "reconciliation_status" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "reconciliation_trigger" AS ENUM ('SCHEDULE', 'STAFF', 'COUNT');

-- CreateEnum
CREATE TYPE "reconciliation_step" AS ENUM ('EXPIRED_HOLDS', 'LEVELS', 'AVAILABILITY', 'RESERVATIONS', 'PLACED_ORDERS', 'COUNTS', 'DONE');

-- CreateEnum
CREATE TYPE "discrepancy_kind" AS ENUM ('EXPIRED_RESERVATION', 'LEDGER_DRIFT', 'ORPHANED_RESERVATION', 'MISSING_RESERVATION', 'COUNT_MISMATCH', 'SHORTAGE');

-- CreateEnum
CREATE TYPE "discrepancy_cause" AS ENUM ('MISSED_RELEASE', 'MISSED_CONFIRMATION', 'APPLIED_TWICE', 'CHANGED_PAST_LEDGER', 'SHELF_DIFFERS', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "discrepancy_resolution" AS ENUM ('PENDING', 'HEALED', 'ACCEPT_COUNT', 'KEEP_SYSTEM');

-- CreateTable
CREATE TABLE "warehouse" (
    "id" TEXT COLLATE "C" NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "line1" TEXT,
    "line2" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" TEXT,
    "country" TEXT,
    "phone" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "partner_id" TEXT,
    "serves_countries" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "warehouse_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_level" (
    "id" TEXT NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "warehouse_id" TEXT COLLATE "C" NOT NULL,
    "on_hand" INTEGER NOT NULL DEFAULT 0,
    "reserved" INTEGER NOT NULL DEFAULT 0,
    "safety_stock" INTEGER NOT NULL DEFAULT 0,
    "reorder_point" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_level_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sku_availability" (
    "sku" TEXT COLLATE "C" NOT NULL,
    "available" INTEGER NOT NULL DEFAULT 0,
    "reorder_point" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "sku_availability_pkey" PRIMARY KEY ("sku")
);

-- CreateTable
CREATE TABLE "stock_movement" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "warehouse_id" TEXT COLLATE "C" NOT NULL,
    "type" "stock_movement_type" NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reason" "stock_adjustment_reason",
    "reference" TEXT,
    "source_key" TEXT,
    "actor" TEXT,
    "balance_after" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "effective_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_movement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "status" "reservation_status" NOT NULL,
    "country" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "release_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_line" (
    "id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "status" "reservation_status" NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "warehouse_id" TEXT COLLATE "C" NOT NULL,
    "quantity" INTEGER NOT NULL,
    "fulfilled_quantity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "reservation_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_product" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "catalog_product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_variant" (
    "sku" TEXT COLLATE "C" NOT NULL,
    "variant_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "catalog_variant_pkey" PRIMARY KEY ("sku")
);

-- CreateTable
CREATE TABLE "stock_count" (
    "id" TEXT NOT NULL,
    "warehouse_id" TEXT COLLATE "C" NOT NULL,
    "status" "stock_count_status" NOT NULL DEFAULT 'SUBMITTED',
    "reference" TEXT,
    "actor" TEXT,
    "line_count" INTEGER NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_count_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_count_line" (
    "count_id" TEXT NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "counted" INTEGER NOT NULL,
    "compared" BOOLEAN,

    CONSTRAINT "stock_count_line_pkey" PRIMARY KEY ("count_id","sku")
);

-- CreateTable
CREATE TABLE "reconciliation_run" (
    "id" TEXT NOT NULL,
    "status" "reconciliation_status" NOT NULL DEFAULT 'QUEUED',
    "trigger" "reconciliation_trigger" NOT NULL,
    "warehouse_id" TEXT COLLATE "C",
    "skus" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "count_id" TEXT,
    "actor" TEXT,
    "step" "reconciliation_step" NOT NULL DEFAULT 'EXPIRED_HOLDS',
    "cursor" JSONB,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "scanned" INTEGER NOT NULL DEFAULT 0,
    "released" INTEGER NOT NULL DEFAULT 0,
    "recomputed" INTEGER NOT NULL DEFAULT 0,
    "orphaned" INTEGER NOT NULL DEFAULT 0,
    "counted" INTEGER NOT NULL DEFAULT 0,
    "healed" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "omission" TEXT,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reconciliation_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "discrepancy" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "kind" "discrepancy_kind" NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "warehouse_id" TEXT COLLATE "C",
    "expected" INTEGER NOT NULL,
    "actual" INTEGER NOT NULL,
    "cause" "discrepancy_cause" NOT NULL,
    "resolution" "discrepancy_resolution" NOT NULL,
    "order_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "count_id" TEXT,
    "note" TEXT,
    "resolved_by" TEXT,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "discrepancy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "low_stock_threshold" INTEGER NOT NULL DEFAULT 5,
    "disclosure_limit" INTEGER NOT NULL DEFAULT 100,
    "count_heal_units" INTEGER NOT NULL DEFAULT 5,
    "count_heal_percent" INTEGER NOT NULL DEFAULT 2,

    CONSTRAINT "inventory_settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "request_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_event" (
    "event_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("event_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "warehouse_code_key" ON "warehouse"("code");

-- CreateIndex
CREATE INDEX "stock_level_warehouse_id_sku_idx" ON "stock_level"("warehouse_id", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "stock_level_sku_warehouse_id_key" ON "stock_level"("sku", "warehouse_id");

-- CreateIndex
CREATE UNIQUE INDEX "stock_movement_seq_key" ON "stock_movement"("seq");

-- CreateIndex
CREATE UNIQUE INDEX "stock_movement_source_key_key" ON "stock_movement"("source_key");

-- CreateIndex
CREATE INDEX "stock_movement_sku_warehouse_id_quantity_idx" ON "stock_movement"("sku", "warehouse_id", "quantity");

-- CreateIndex
CREATE INDEX "stock_movement_sku_seq_idx" ON "stock_movement"("sku", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_order_id_key" ON "reservation"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_id_status_key" ON "reservation"("id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_line_reservation_id_sku_warehouse_id_key" ON "reservation_line"("reservation_id", "sku", "warehouse_id");

-- CreateIndex
CREATE INDEX "catalog_variant_product_id_idx" ON "catalog_variant"("product_id");

-- CreateIndex
CREATE INDEX "stock_count_status_created_at_idx" ON "stock_count"("status", "created_at");

-- CreateIndex
CREATE INDEX "stock_count_line_sku_idx" ON "stock_count_line"("sku");

-- CreateIndex
CREATE INDEX "reconciliation_run_status_idx" ON "reconciliation_run"("status");

-- CreateIndex
CREATE INDEX "discrepancy_run_id_id_idx" ON "discrepancy"("run_id", "id");

-- CreateIndex
CREATE INDEX "discrepancy_sku_warehouse_id_kind_idx" ON "discrepancy"("sku", "warehouse_id", "kind");

-- AddForeignKey
ALTER TABLE "stock_level" ADD CONSTRAINT "stock_level_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_movement" ADD CONSTRAINT "stock_movement_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_line" ADD CONSTRAINT "reservation_line_reservation_id_status_fkey" FOREIGN KEY ("reservation_id", "status") REFERENCES "reservation"("id", "status") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_line" ADD CONSTRAINT "reservation_line_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog_variant" ADD CONSTRAINT "catalog_variant_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "catalog_product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_count" ADD CONSTRAINT "stock_count_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_count_line" ADD CONSTRAINT "stock_count_line_count_id_fkey" FOREIGN KEY ("count_id") REFERENCES "stock_count"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliation_run" ADD CONSTRAINT "reconciliation_run_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discrepancy" ADD CONSTRAINT "discrepancy_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconciliation_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discrepancy" ADD CONSTRAINT "discrepancy_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What no writer may get wrong.
ALTER TABLE stock_level ADD CONSTRAINT stock_level_reserved_not_negative CHECK (reserved >= 0),
  ADD CONSTRAINT stock_level_safety_stock_not_negative CHECK (safety_stock >= 0);
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_moves_something CHECK (quantity <> 0);
ALTER TABLE reservation_line ADD CONSTRAINT reservation_line_quantity_positive CHECK (quantity > 0),
  ADD CONSTRAINT reservation_line_fulfilled_within_quantity CHECK (fulfilled_quantity BETWEEN 0 AND quantity);
ALTER TABLE stock_count_line ADD CONSTRAINT stock_count_line_counted_not_negative CHECK (counted >= 0);
ALTER TABLE inventory_settings ADD CONSTRAINT inventory_settings_one_row CHECK (id = 1);
INSERT INTO inventory_settings (id) VALUES (1);

-- The ledger is append-only, whoever asks.
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: book a compensating movement instead of % on stock_movement.', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- What is for sale of a sku follows its levels, whoever changes them.
CREATE FUNCTION follow_stock_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sku_availability AS a (sku, available, reorder_point)
    SELECT n.sku, sum(greatest(n.on_hand - n.reserved - n.safety_stock, 0)), sum(coalesce(n.reorder_point, 0))
    FROM new_levels n JOIN warehouse w ON w.id = n.warehouse_id AND w.active GROUP BY n.sku ORDER BY n.sku
    ON CONFLICT (sku) DO UPDATE SET available = a.available + excluded.available,
      reorder_point = a.reorder_point + excluded.reorder_point, version = a.version + 1;
  ELSE
    INSERT INTO sku_availability AS a (sku, available, reorder_point)
    SELECT c.sku, sum(c.available), sum(c.reorder_point) FROM (
      SELECT n.sku, n.warehouse_id, greatest(n.on_hand - n.reserved - n.safety_stock, 0) AS available,
        coalesce(n.reorder_point, 0) AS reorder_point FROM new_levels n
      UNION ALL
      SELECT o.sku, o.warehouse_id, -greatest(o.on_hand - o.reserved - o.safety_stock, 0),
        -coalesce(o.reorder_point, 0) FROM old_levels o
    ) c JOIN warehouse w ON w.id = c.warehouse_id AND w.active GROUP BY c.sku ORDER BY c.sku
    ON CONFLICT (sku) DO UPDATE SET available = a.available + excluded.available,
      reorder_point = a.reorder_point + excluded.reorder_point, version = a.version + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_level_inserted AFTER INSERT ON stock_level REFERENCING NEW TABLE AS new_levels
  FOR EACH STATEMENT EXECUTE FUNCTION follow_stock_level();
CREATE TRIGGER stock_level_updated AFTER UPDATE ON stock_level REFERENCING OLD TABLE AS old_levels NEW TABLE AS new_levels
  FOR EACH STATEMENT EXECUTE FUNCTION follow_stock_level();

CREATE FUNCTION follow_stock_level_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sku_availability a SET available = a.available - o.available, reorder_point = a.reorder_point - o.reorder_point,
    version = a.version + 1
  FROM (SELECT o.sku, sum(greatest(o.on_hand - o.reserved - o.safety_stock, 0)) AS available,
      sum(coalesce(o.reorder_point, 0)) AS reorder_point
    FROM old_levels o JOIN warehouse w ON w.id = o.warehouse_id AND w.active GROUP BY o.sku) o
  WHERE o.sku = a.sku;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_level_deleted AFTER DELETE ON stock_level REFERENCING OLD TABLE AS old_levels
  FOR EACH STATEMENT EXECUTE FUNCTION follow_stock_level_removal();

CREATE FUNCTION follow_warehouse_activity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sign integer := CASE WHEN NEW.active THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO sku_availability AS a (sku, available, reorder_point)
  SELECT l.sku, sign * greatest(l.on_hand - l.reserved - l.safety_stock, 0), sign * coalesce(l.reorder_point, 0)
  FROM stock_level l WHERE l.warehouse_id = NEW.id ORDER BY l.sku
  ON CONFLICT (sku) DO UPDATE SET available = a.available + excluded.available,
    reorder_point = a.reorder_point + excluded.reorder_point, version = a.version + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER warehouse_activity AFTER UPDATE OF active ON warehouse FOR EACH ROW
  WHEN (OLD.active IS DISTINCT FROM NEW.active) EXECUTE FUNCTION follow_warehouse_activity();

-- Open lines are few beside those of the past.
CREATE INDEX reservation_line_open ON reservation_line (sku, warehouse_id) INCLUDE (quantity, fulfilled_quantity)
  WHERE status IN ('HELD', 'CONFIRMED');
CREATE INDEX reservation_expiring ON reservation (expires_at) WHERE status = 'HELD';
CREATE INDEX reservation_open ON reservation (id) WHERE status IN ('HELD', 'CONFIRMED');
CREATE INDEX discrepancy_pending ON discrepancy (sku, kind) WHERE resolution = 'PENDING';

CREATE INDEX outbox_event_unpublished ON outbox_event (occurred_at, id) WHERE published_at IS NULL;
CREATE FUNCTION notify_outbox_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY outbox_event; RETURN NULL; END $$;
CREATE TRIGGER outbox_event_notify AFTER INSERT ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox_event();
