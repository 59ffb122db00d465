-- What is known of payments. Stripe is the source of truth; these rows are what was last read from it, so that access,
-- pages and numbers need no Stripe to answer. Amounts are in the smallest unit of their currency, times are UTC.

CREATE TYPE "price_interval" AS ENUM ('month', 'year');
CREATE TYPE "inbox_state" AS ENUM ('received', 'done', 'ignored', 'dead');
CREATE TYPE "reconciliation_scope" AS ENUM ('changed', 'all');

CREATE TABLE "prices" (
    "stripe_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "tier_slug" TEXT NOT NULL,
    "lookup_key" TEXT NOT NULL,
    "interval" "price_interval" NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "trial_days" INTEGER NOT NULL DEFAULT 0,
    "offered" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prices_pkey" PRIMARY KEY ("stripe_id")
);

CREATE TABLE "customers" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID,
    "stripe_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "synced_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "subscriptions" (
    "stripe_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "price_id" TEXT,
    "tier_slug" TEXT,
    "interval" "price_interval",
    "currency" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "trial_end" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "canceled_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "paused" TEXT,
    "resumes_at" TIMESTAMPTZ(3),
    "first_failed_at" TIMESTAMPTZ(3),
    "access_until" TIMESTAMPTZ(3),
    "access_reason" TEXT NOT NULL,
    "synced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("stripe_id")
);

CREATE TABLE "invoices" (
    "stripe_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "subscription_id" TEXT,
    "number" TEXT,
    "status" TEXT NOT NULL,
    "billing_reason" TEXT,
    "currency" TEXT NOT NULL,
    "due_cents" INTEGER NOT NULL,
    "paid_cents" INTEGER NOT NULL,
    "refunded_cents" INTEGER NOT NULL DEFAULT 0,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "refunded_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "hosted_url" TEXT,
    "pdf_url" TEXT,
    "charge_id" TEXT,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("stripe_id")
);

CREATE TABLE "disputes" (
    "stripe_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "invoice_id" TEXT,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "currency" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disputes_pkey" PRIMARY KEY ("stripe_id")
);

CREATE TABLE "inbox" (
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT,
    "customer_ref" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "state" "inbox_state" NOT NULL DEFAULT 'received',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "payload" JSONB,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("event_id")
);

CREATE TABLE "alarms" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "account_id" UUID,
    "times" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "alarms_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "reconciliations" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "scope" "reconciliation_scope" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "seen_to" TIMESTAMPTZ(3),
    "looked" INTEGER NOT NULL DEFAULT 0,
    "repaired" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "customers_stripe_id_key" ON "customers"("stripe_id");
CREATE INDEX "customers_account_id_idx" ON "customers"("account_id");
CREATE INDEX "subscriptions_customer_id_idx" ON "subscriptions"("customer_id");
CREATE INDEX "invoices_customer_id_created_at_idx" ON "invoices"("customer_id", "created_at");
CREATE INDEX "disputes_customer_id_idx" ON "disputes"("customer_id");
CREATE INDEX "inbox_state_received_at_idx" ON "inbox"("state", "received_at");
CREATE INDEX "inbox_customer_ref_idx" ON "inbox"("customer_ref");
CREATE INDEX "alarms_settled_at_last_at_idx" ON "alarms"("settled_at", "last_at");
CREATE INDEX "reconciliations_scope_started_at_idx" ON "reconciliations"("scope", "started_at");

ALTER TABLE "prices" ADD CONSTRAINT "prices_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;
-- A customer outlives the account: who pays after their account is gone is noticed, and no more is taken from them.
ALTER TABLE "customers" ADD CONSTRAINT "customers_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "alarms" ADD CONSTRAINT "alarms_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "prices" ADD CONSTRAINT "prices_amount" CHECK ("amount_cents" >= 0 AND "trial_days" >= 0);
-- One price is offered for a tier, an interval and a currency; those before it are still known.
CREATE UNIQUE INDEX "prices_one_offered" ON "prices" ("tier_slug", "interval", "currency") WHERE "offered";
-- An account has one customer; one that was deleted at Stripe makes way for another.
CREATE UNIQUE INDEX "customers_one_per_account" ON "customers" ("account_id") WHERE "deleted_at" IS NULL AND "account_id" IS NOT NULL;
-- One open alarm for one thing, however often it is met again.
CREATE UNIQUE INDEX "alarms_one_open" ON "alarms" ("kind", "subject") WHERE "settled_at" IS NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['prices','customers','subscriptions','invoices','disputes','inbox','alarms','reconciliations'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO dossier_app', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "registrar" ON %I USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()))', name);
  END LOOP;
END $$;

-- Takes in an event of Stripe's and the job that looks into it, in one statement and without a context: whoever calls
-- this can add, and read nothing. The job waits a little, and what comes meanwhile about the same customer needs no other:
-- one look settles all of it. True when the event is a new one.
CREATE FUNCTION wall.receive_event(event_id text, type text, object_id text, customer_ref text, created_at timestamptz, payload jsonb, wait interval)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO public.inbox (event_id, type, object_id, customer_ref, created_at, payload)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM graphile_worker.add_job('event', json_build_object('event', $1), job_key => coalesce('customer ' || $4, 'event ' || $1), job_key_mode => 'preserve_run_at', max_attempts => 12, run_at => now() + $7);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION wall.receive_event(text, text, text, text, timestamptz, jsonb, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.receive_event(text, text, text, text, timestamptz, jsonb, interval) TO dossier_app;
