-- A payment that is on its way (a debit takes days) has not failed.
ALTER TABLE "invoices" ADD COLUMN "underway" BOOLEAN NOT NULL DEFAULT false;
