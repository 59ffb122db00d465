-- People brought in from elsewhere (src/imports): a file as it came, row by row, what would become of each row and what did.
CREATE TABLE "imports" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT 'other',
    "header" TEXT[],
    "options" JSONB NOT NULL DEFAULT '{}',
    "facts" JSONB NOT NULL DEFAULT '{}',
    "rows" INTEGER NOT NULL DEFAULT 0,
    "place" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "imports" ADD CONSTRAINT "imports_state" CHECK ("state" IN
  ('reading', 'read', 'checking', 'checked', 'running', 'stopped', 'done', 'taking-back', 'taken-back'));
CREATE INDEX "imports_created_at_idx" ON "imports" ("created_at");

CREATE TABLE "import_rows" (
    "import_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "cells" TEXT[],
    "email" TEXT,
    "customer" TEXT,
    "tier_value" TEXT,
    "outcome" TEXT,
    "notes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "stripe" TEXT,
    "account_id" UUID,
    "made" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "import_rows_pkey" PRIMARY KEY ("import_id", "number")
);
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_outcome" CHECK ("outcome" IN
  ('add', 'merge', 'refuse', 'added', 'merged', 'refused', 'taken-back', 'kept'));
CREATE INDEX "import_rows_import_id_outcome_number_idx" ON "import_rows" ("import_id", "outcome", "number");
CREATE INDEX "import_rows_import_id_email_idx" ON "import_rows" ("import_id", "email");
CREATE INDEX "import_rows_import_id_customer_idx" ON "import_rows" ("import_id", "customer");
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;

-- What a publisher knows a member by, and nobody else reads.
CREATE TABLE "account_labels" (
    "account_id" UUID NOT NULL,
    "label" TEXT NOT NULL,

    CONSTRAINT "account_labels_pkey" PRIMARY KEY ("account_id", "label")
);
CREATE INDEX "account_labels_label_idx" ON "account_labels" ("label");
ALTER TABLE "account_labels" ADD CONSTRAINT "account_labels_label_length" CHECK (length("label") BETWEEN 1 AND 100);
ALTER TABLE "account_labels" ADD CONSTRAINT "account_labels_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;

-- Prices of others that subscriptions at Stripe were found to have: each waits until somebody says which tier it pays for.
CREATE TABLE "found_prices" (
    "stripe_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_cents" INTEGER,
    "interval" TEXT,
    "interval_count" INTEGER NOT NULL DEFAULT 1,
    "subscriptions" INTEGER NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "found_prices_pkey" PRIMARY KEY ("stripe_id")
);

-- When a customer was brought in: what happened before is told to nobody as news.
ALTER TABLE "customers" ADD COLUMN "imported_at" TIMESTAMPTZ(3);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['imports','import_rows','account_labels','found_prices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "registrar" ON %I USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()))', name);
  END LOOP;
END $$;

-- Nobody remembers an account that this very transaction has made, so that nobody need be told of its grants (decision 0049).
-- A row has this transaction's number as well when the transaction has changed it; then the trigger of "accounts" itself tells.
-- In a subtransaction the numbers differ, and it is told once more than needed.
CREATE FUNCTION wall.grant_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM 1 FROM public.accounts WHERE id = NEW.account_id AND xmin = pg_current_xact_id()::xid;
    IF FOUND THEN RETURN NULL; END IF;
  END IF;
  PERFORM pg_notify('dossier_accounts', coalesce(NEW.account_id, OLD.account_id)::text);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION wall.grant_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER "account_changed" AFTER INSERT OR UPDATE OR DELETE ON "grants"
  FOR EACH ROW EXECUTE FUNCTION wall.grant_changed();
