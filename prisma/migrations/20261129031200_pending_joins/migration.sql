-- Somebody who asked to join from a network where many did, and has not opened the link of the letter yet. It is no account:
-- it grants nothing, holds no password and keeps nobody else from the address. Gone once the link is used, or too old.
CREATE TABLE "pending_joins" (
    "hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "next" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pending_joins_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "pending_joins_email_idx" ON "pending_joins"("email");
CREATE INDEX "pending_joins_expires_at_idx" ON "pending_joins"("expires_at");

ALTER TABLE "pending_joins"
  ADD CONSTRAINT "pending_joins_email_form" CHECK ("email" = lower("email") AND "email" ~ '^[^\s@]+@[^\s@]+$' AND length("email") <= 254),
  ADD CONSTRAINT "pending_joins_name_length" CHECK (length("name") BETWEEN 1 AND 100),
  ADD CONSTRAINT "pending_joins_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  ADD CONSTRAINT "pending_joins_next_form" CHECK ("next" IS NULL OR ("next" ~ '^/' AND length("next") <= 2000));

GRANT SELECT, INSERT, DELETE ON "pending_joins" TO dossier_app;
ALTER TABLE "pending_joins" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "pending_joins" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
