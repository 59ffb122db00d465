-- What the numbers are worked out from and nothing else keeps: what subscriptions brought in and when, and how often pages
-- were read and gates were shown, as sums of a day without anybody in them.
ALTER TABLE "invoices" ADD COLUMN "failed_at" TIMESTAMPTZ(3);

CREATE TABLE "revenue_spans" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "subscription_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "tier_slug" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "monthly_cents" INTEGER NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "revenue_spans_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "read_counts" (
    "day" DATE NOT NULL,
    "briefing_id" UUID NOT NULL,
    "rank" INTEGER NOT NULL,
    "reads" INTEGER NOT NULL,

    CONSTRAINT "read_counts_pkey" PRIMARY KEY ("day","briefing_id","rank")
);

CREATE TABLE "gate_counts" (
    "day" DATE NOT NULL,
    "briefing_id" UUID NOT NULL,
    "tier_slug" TEXT NOT NULL,
    "shown" INTEGER NOT NULL DEFAULT 0,
    "begun" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "gate_counts_pkey" PRIMARY KEY ("day","briefing_id","tier_slug")
);

CREATE INDEX "invoices_failed_at_idx" ON "invoices"("failed_at");
CREATE INDEX "revenue_spans_customer_id_from_idx" ON "revenue_spans"("customer_id", "from");
CREATE INDEX "revenue_spans_subscription_id_idx" ON "revenue_spans"("subscription_id");
CREATE INDEX "read_counts_briefing_id_idx" ON "read_counts"("briefing_id");
CREATE INDEX "gate_counts_briefing_id_idx" ON "gate_counts"("briefing_id");

ALTER TABLE "revenue_spans" ADD CONSTRAINT "revenue_spans_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "revenue_spans" ADD CONSTRAINT "revenue_spans_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "read_counts" ADD CONSTRAINT "read_counts_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "gate_counts" ADD CONSTRAINT "gate_counts_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One span of a subscription goes on at a time, and none is empty.
CREATE UNIQUE INDEX "revenue_spans_one_open" ON "revenue_spans" ("subscription_id") WHERE "until" IS NULL;
ALTER TABLE "revenue_spans" ADD CONSTRAINT "revenue_spans_lasts" CHECK (("until" IS NULL OR "until" > "from") AND "monthly_cents" > 0);

GRANT SELECT, INSERT, UPDATE, DELETE ON "revenue_spans" TO dossier_app;
ALTER TABLE "revenue_spans" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "revenue_spans" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- The desk knows which briefings there are, so it is in its name that they are counted. A sum is only ever added to.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['read_counts','gate_counts'] LOOP
    EXECUTE format('REVOKE ALL ON %I FROM dossier_app', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO dossier_app', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "desk" ON %I USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
  END LOOP;
END $$;
