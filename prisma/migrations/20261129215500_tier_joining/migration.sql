-- How one comes by a tier is said by itself, so that a paid one can be made before it has a price, and so that a tier
-- that is given by hand is not taken for the one that is free to join. A tier that is retired is kept by whoever has it.

ALTER TABLE "tiers"
  ADD COLUMN "joining" text NOT NULL DEFAULT 'invitation',
  ADD COLUMN "retired_at" timestamptz(3);

UPDATE "tiers" SET "joining" = CASE
  WHEN coalesce("monthly_cents", "yearly_cents") IS NOT NULL THEN 'paid'
  WHEN "rank" = 0 OR "rank" = (
    SELECT min(t.rank) FROM "tiers" t WHERE t.rank > 0 AND coalesce(t.monthly_cents, t.yearly_cents) IS NULL
  ) THEN 'free'
  ELSE 'invitation'
END;

ALTER TABLE "tiers"
  ADD CONSTRAINT "tiers_joining" CHECK ("joining" IN ('free', 'paid', 'invitation')),
  ADD CONSTRAINT "tiers_priced_are_paid" CHECK ("joining" = 'paid' OR ("monthly_cents" IS NULL AND "yearly_cents" IS NULL)),
  ADD CONSTRAINT "tiers_public_stays" CHECK ("rank" > 0 OR ("joining" = 'free' AND "retired_at" IS NULL));

-- One tier at most is free to join.
CREATE UNIQUE INDEX "tiers_one_free" ON "tiers" ("joining") WHERE "joining" = 'free' AND "rank" > 0 AND "retired_at" IS NULL;
