-- AlterTable
ALTER TABLE "reconciliation_run" DROP COLUMN "pending";

-- What waits for staff is few beside what was found, and is counted by run.
CREATE INDEX discrepancy_pending_by_run ON discrepancy (run_id) WHERE resolution = 'PENDING';
