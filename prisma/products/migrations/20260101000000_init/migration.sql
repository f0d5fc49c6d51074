-- Trusted extensions: the owner of the database may create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- English words by their stem, accents ignored.
CREATE TEXT SEARCH CONFIGURATION catalog (COPY = english);
ALTER TEXT SEARCH CONFIGURATION catalog
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH unaccent, english_stem;

-- The same words as they are written, for prefixes: "cerami" begins "ceramic", but not its stem "ceram".
CREATE TEXT SEARCH CONFIGURATION catalog_exact (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION catalog_exact
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH unaccent, simple;


-- CreateEnum
CREATE TYPE "product_status" AS ENUM ('DRAFT', 'ACTIVE', 'ARCHIVED');

-- CreateEnum
CREATE TYPE "weight_unit" AS ENUM ('GRAM', 'KILOGRAM', 'OUNCE', 'POUND');

-- CreateEnum
CREATE TYPE "media_state" AS ENUM ('PENDING', 'STORED', 'FAILED');

-- CreateEnum
CREATE TYPE "catalog_import_status" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "catalog_import_format" AS ENUM ('SHOPIFY_CSV', 'JSON_LINES');

-- CreateTable
CREATE TABLE "product" (
    "id" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "vendor" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "status" "product_status" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "position" BIGSERIAL NOT NULL,
    "sort_title" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "search_vector" tsvector,
    "in_stock" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_option" (
    "product_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "values" TEXT[],

    CONSTRAINT "product_option_pkey" PRIMARY KEY ("product_id","position")
);

-- CreateTable
CREATE TABLE "product_variant" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "barcode" TEXT,
    "weight_value" DOUBLE PRECISION,
    "weight_unit" "weight_unit",
    "weight_in_grams" INTEGER,
    "length_in_mm" DOUBLE PRECISION,
    "width_in_mm" DOUBLE PRECISION,
    "height_in_mm" DOUBLE PRECISION,
    "tax_class" TEXT,
    "opening_stock_at" TIMESTAMPTZ(3),

    CONSTRAINT "product_variant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "variant_option_value" (
    "variant_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "variant_option_value_pkey" PRIMARY KEY ("variant_id","name")
);

-- CreateTable
CREATE TABLE "variant_price" (
    "variant_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "compare_at_amount" BIGINT,

    CONSTRAINT "variant_price_pkey" PRIMARY KEY ("variant_id","currency")
);

-- CreateTable
CREATE TABLE "product_price_range" (
    "product_id" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "min_amount" BIGINT NOT NULL,
    "max_amount" BIGINT NOT NULL,

    CONSTRAINT "product_price_range_pkey" PRIMARY KEY ("product_id","currency")
);

-- CreateTable
CREATE TABLE "product_media" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "source_url" TEXT,
    "alt_text" TEXT,
    "state" "media_state" NOT NULL,
    "file_key" TEXT,
    "width" INTEGER,
    "height" INTEGER,
    "failure" TEXT,

    CONSTRAINT "product_media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "category" (
    "id" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "parent_id" TEXT,
    "position" INTEGER NOT NULL,
    "path" TEXT[],

    CONSTRAINT "category_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_category" (
    "product_id" TEXT NOT NULL,
    "category_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "product_category_pkey" PRIMARY KEY ("product_id","category_id")
);

-- CreateTable
CREATE TABLE "collection" (
    "id" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "collection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_collection" (
    "product_id" TEXT NOT NULL,
    "collection_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "product_collection_pkey" PRIMARY KEY ("product_id","collection_id")
);

-- CreateTable
CREATE TABLE "stock_flag" (
    "sku" TEXT NOT NULL,
    "in_stock" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "stock_flag_pkey" PRIMARY KEY ("sku")
);

-- CreateTable
CREATE TABLE "search_word" (
    "word" TEXT COLLATE "C" NOT NULL,
    "stem" TEXT NOT NULL,

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("word")
);

-- CreateTable
CREATE TABLE "catalog_upload" (
    "id" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalog_upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_import" (
    "id" TEXT NOT NULL,
    "status" "catalog_import_status" NOT NULL DEFAULT 'QUEUED',
    "format" "catalog_import_format" NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "warehouse" TEXT,
    "dry_run" BOOLEAN NOT NULL DEFAULT false,
    "upload_id" TEXT NOT NULL,
    "created_by" TEXT,
    "total" INTEGER,
    "processed" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "settled_line" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "catalog_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_import_error" (
    "import_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "column" TEXT,
    "message" TEXT NOT NULL,
    "value" TEXT,

    CONSTRAINT "catalog_import_error_pkey" PRIMARY KEY ("import_id","line","number")
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
CREATE UNIQUE INDEX "product_handle_key" ON "product"("handle");

-- CreateIndex
CREATE INDEX "product_position_idx" ON "product"("position");

-- CreateIndex
CREATE INDEX "product_created_at_id_idx" ON "product"("created_at", "id");

-- CreateIndex
CREATE INDEX "product_updated_at_id_idx" ON "product"("updated_at", "id");

-- CreateIndex
CREATE INDEX "product_sort_title_id_idx" ON "product"("sort_title", "id");

-- CreateIndex
CREATE INDEX "product_vendor_idx" ON "product"("vendor");

-- CreateIndex
CREATE INDEX "product_search_vector_idx" ON "product" USING GIN ("search_vector");

-- CreateIndex
CREATE INDEX "product_sort_title_trigram" ON "product" USING GIN ("sort_title" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "product_option_product_id_name_key" ON "product_option"("product_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "product_variant_sku_key" ON "product_variant"("sku");

-- CreateIndex
CREATE INDEX "product_variant_product_id_position_idx" ON "product_variant"("product_id", "position");

-- CreateIndex
CREATE INDEX "variant_option_value_name_value_product_id_idx" ON "variant_option_value"("name", "value", "product_id");

-- CreateIndex
CREATE INDEX "variant_option_value_product_id_idx" ON "variant_option_value"("product_id");

-- CreateIndex
CREATE INDEX "variant_price_product_id_currency_amount_idx" ON "variant_price"("product_id", "currency", "amount");

-- CreateIndex
CREATE INDEX "product_price_range_currency_min_amount_product_id_idx" ON "product_price_range"("currency", "min_amount", "product_id");

-- CreateIndex
CREATE INDEX "product_price_range_currency_max_amount_product_id_idx" ON "product_price_range"("currency", "max_amount", "product_id");

-- CreateIndex
CREATE INDEX "product_media_source_url_idx" ON "product_media"("source_url");

-- CreateIndex
CREATE UNIQUE INDEX "product_media_product_id_position_key" ON "product_media"("product_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "category_handle_key" ON "category"("handle");

-- CreateIndex
CREATE INDEX "category_parent_id_position_idx" ON "category"("parent_id", "position");

-- CreateIndex
CREATE INDEX "category_path_idx" ON "category" USING GIN ("path");

-- CreateIndex
CREATE INDEX "product_category_category_id_product_id_idx" ON "product_category"("category_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "collection_handle_key" ON "collection"("handle");

-- CreateIndex
CREATE INDEX "product_collection_collection_id_position_idx" ON "product_collection"("collection_id", "position");

-- CreateIndex
CREATE INDEX "search_word_trigram" ON "search_word" USING GIN ("word" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "search_word_stem_idx" ON "search_word"("stem");

-- CreateIndex
CREATE INDEX "catalog_upload_created_at_idx" ON "catalog_upload"("created_at");

-- CreateIndex
CREATE INDEX "catalog_import_status_created_at_idx" ON "catalog_import"("status", "created_at");

-- AddForeignKey
ALTER TABLE "product_option" ADD CONSTRAINT "product_option_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_variant" ADD CONSTRAINT "product_variant_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "variant_option_value" ADD CONSTRAINT "variant_option_value_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "variant_option_value" ADD CONSTRAINT "variant_option_value_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "variant_price" ADD CONSTRAINT "variant_price_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_price_range" ADD CONSTRAINT "product_price_range_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_media" ADD CONSTRAINT "product_media_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "category" ADD CONSTRAINT "category_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "category"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_category" ADD CONSTRAINT "product_category_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_category" ADD CONSTRAINT "product_category_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "category"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_collection" ADD CONSTRAINT "product_collection_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_collection" ADD CONSTRAINT "product_collection_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog_import_error" ADD CONSTRAINT "catalog_import_error_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "catalog_import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Skus are looked for in any case.
CREATE INDEX product_variant_sku_lower ON product_variant (lower(sku));

-- What was typed may begin a vendor's name.
CREATE INDEX product_vendor_prefix ON product (lower(vendor) text_pattern_ops) WHERE status = 'ACTIVE';

CREATE INDEX product_media_pending ON product_media (source_url) WHERE state = 'PENDING';

CREATE INDEX outbox_event_unpublished ON outbox_event (occurred_at, id) WHERE published_at IS NULL;
CREATE FUNCTION notify_outbox_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY outbox_event; RETURN NULL; END $$;
CREATE TRIGGER outbox_event_notify AFTER INSERT ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox_event();
