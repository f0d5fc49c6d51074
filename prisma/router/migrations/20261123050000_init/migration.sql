-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "ApiKeyKind" AS ENUM ('PARTNER', 'STAFF');

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "kind" "ApiKeyKind" NOT NULL,
    "owner_id" TEXT NOT NULL,
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- A hash is one of SHA-256, whoever writes it.
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_hash_length" CHECK (octet_length("hash") = 32);

-- Routers keep what they know of a key for a while: they hear when it is no longer so. Its use changes nothing of it.
CREATE FUNCTION notify_api_key_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('api_key_changed', OLD.id); RETURN NULL; END $$;
CREATE TRIGGER api_key_changed AFTER UPDATE OF hash, kind, owner_id, scopes, expires_at, revoked_at OR DELETE ON api_key
FOR EACH ROW EXECUTE FUNCTION notify_api_key_changed();
