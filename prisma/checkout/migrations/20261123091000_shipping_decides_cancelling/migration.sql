-- An order is cancelled once shipping has called off all its parcels: a step of its own, before money is let go.
ALTER TYPE "PlacementStep" ADD VALUE 'CANCEL_SHIPMENTS';
ALTER TABLE "placement" ADD COLUMN     "cancellation" JSONB;
