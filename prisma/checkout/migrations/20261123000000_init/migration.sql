-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "CheckoutStatus" AS ENUM ('OPEN', 'COMPLETING', 'COMPLETED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "OrderStatus" AS ENUM ('PENDING', 'PLACED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'FAILED');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('PENDING', 'ACTION_REQUIRED', 'AUTHORIZED', 'PARTIALLY_CAPTURED', 'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'DECLINED');

-- CreateEnum
CREATE TYPE "PlacementState" AS ENUM ('RUNNING', 'AWAITING_ACTION', 'UNDOING', 'PLACED', 'FAILED', 'CANCELLING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "PlacementStep" AS ENUM ('RESERVE', 'AUTHORIZE', 'CONFIRM', 'CANCEL_PAYMENT', 'RELEASE_STOCK');

-- CreateEnum
CREATE TYPE "TimelineKind" AS ENUM ('PLACED', 'STOCK_RESERVED', 'PAYMENT_AUTHORIZED', 'PAYMENT_DECLINED', 'SHIPPED', 'DELIVERED', 'PAYMENT_CAPTURED', 'CANCELLED', 'FAILED', 'NOTE');

-- CreateTable
CREATE TABLE "checkout" (
    "id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "cart_reference" TEXT NOT NULL,
    "cart_version" INTEGER NOT NULL,
    "status" "CheckoutStatus" NOT NULL DEFAULT 'OPEN',
    "version" INTEGER NOT NULL DEFAULT 1,
    "email" TEXT,
    "currency" CHAR(3) NOT NULL,
    "lines" JSONB NOT NULL,
    "shipping_address" JSONB,
    "delivery" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_order" (
    "id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "checkout_id" TEXT NOT NULL,
    "cart_reference" TEXT NOT NULL,
    "status" "OrderStatus" NOT NULL DEFAULT 'PENDING',
    "version" INTEGER NOT NULL DEFAULT 1,
    "token_version" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "delivery_cost" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "shipping_address" JSONB NOT NULL,
    "delivery" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "placed_at" TIMESTAMPTZ(3),

    CONSTRAINT "customer_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "weight_in_grams" INTEGER,
    "tax_class" TEXT,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "placement" (
    "order_id" TEXT NOT NULL,
    "checkout_id" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "state" "PlacementState" NOT NULL DEFAULT 'RUNNING',
    "step" "PlacementStep" NOT NULL DEFAULT 'RESERVE',
    "allocations" JSONB,
    "hold_expires_at" TIMESTAMPTZ(3),
    "payment_id" TEXT,
    "provider" TEXT,
    "sealed_token" TEXT,
    "return_url" TEXT,
    "action_url" TEXT,
    "refusal" JSONB,
    "trouble" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_by" TEXT,
    "claimed_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "placement_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_reference" TEXT,
    "status" "PaymentStatus" NOT NULL DEFAULT 'PENDING',
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "decline_code" TEXT,
    "capture_due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_timeline_entry" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" "TimelineKind" NOT NULL,
    "actor" TEXT,
    "message" TEXT NOT NULL,

    CONSTRAINT "order_timeline_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_shipment" (
    "shipment_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "lines" JSONB,
    "dispatched_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_shipment_pkey" PRIMARY KEY ("shipment_id")
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

-- CreateTable
CREATE TABLE "idempotency_record" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("scope","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "checkout_secret_key" ON "checkout"("secret");

-- CreateIndex
CREATE INDEX "checkout_cart_reference_idx" ON "checkout"("cart_reference");

-- CreateIndex
CREATE INDEX "checkout_status_expires_at_idx" ON "checkout"("status", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "customer_order_number_key" ON "customer_order"("number");

-- CreateIndex
CREATE INDEX "customer_order_created_at_id_idx" ON "customer_order"("created_at", "id");

-- CreateIndex
CREATE INDEX "customer_order_placed_at_id_idx" ON "customer_order"("placed_at", "id");

-- CreateIndex
CREATE INDEX "customer_order_checkout_id_idx" ON "customer_order"("checkout_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_line_order_id_position_key" ON "order_line"("order_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "placement_checkout_id_idempotency_key_key" ON "placement"("checkout_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "payment_order_id_idx" ON "payment"("order_id");

-- CreateIndex
CREATE INDEX "order_timeline_entry_order_id_at_id_idx" ON "order_timeline_entry"("order_id", "at", "id");

-- CreateIndex
CREATE INDEX "order_shipment_order_id_idx" ON "order_shipment"("order_id");

-- AddForeignKey
ALTER TABLE "order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "customer_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma's language cannot say.

-- A cart has one checkout that lives, and a version of it is ordered once.
CREATE UNIQUE INDEX "checkout_live_cart" ON "checkout"("cart_reference") WHERE "status" IN ('OPEN', 'COMPLETING');
CREATE UNIQUE INDEX "checkout_ordered_cart" ON "checkout"("cart_reference", "cart_version") WHERE "status" = 'COMPLETED';

-- A checkout becomes one order, whatever the keys: only after a failure may there be another.
CREATE UNIQUE INDEX "placement_one_a_checkout" ON "placement"("checkout_id") WHERE "state" <> 'FAILED';

CREATE INDEX "placement_due" ON "placement"("next_attempt_at")
  WHERE "state" IN ('RUNNING', 'AWAITING_ACTION', 'UNDOING', 'CANCELLING');
CREATE INDEX "payment_capture_due" ON "payment"("capture_due_at") WHERE "capture_due_at" IS NOT NULL;
CREATE INDEX "customer_order_email" ON "customer_order"(lower("email"));

-- Numbers that people say. One that was taken for an order that failed stays a gap.
CREATE SEQUENCE "order_number" START 10001;

CREATE INDEX outbox_event_unpublished ON outbox_event (occurred_at, id) WHERE published_at IS NULL;
CREATE FUNCTION notify_outbox_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY outbox_event; RETURN NULL; END $$;
CREATE TRIGGER outbox_event_notify AFTER INSERT ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox_event();
