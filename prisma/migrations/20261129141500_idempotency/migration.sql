-- Stripe repeats the answer it gave under an idempotency key for 24 hours, a refusal too. How often something that is to be
-- made once was refused is a part of its key, so that the next try is another one (src/billing/stripe/idempotency.ts).
CREATE TABLE "idempotency_failures" (
    "purpose" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_failures_pkey" PRIMARY KEY ("purpose")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON "idempotency_failures" TO dossier_app;
ALTER TABLE "idempotency_failures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "idempotency_failures" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
