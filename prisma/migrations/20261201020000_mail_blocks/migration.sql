-- Addresses that no letter to many goes to, because one came back for good or its recipient complained. They are those
-- of accounts and of subscribers alone, and go with the last of them. A block that was lifted stays, so that what is
-- told of it once more, or late, does not block again.
CREATE TABLE "mail_blocks" (
    "email" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "status" TEXT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_blocks_pkey" PRIMARY KEY ("email")
);
ALTER TABLE "mail_blocks"
  ADD CONSTRAINT "mail_blocks_kind_known" CHECK ("kind" IN ('bounce', 'complaint')),
  ADD CONSTRAINT "mail_blocks_source_known" CHECK ("source" IN ('webhook', 'mailgun', 'postmark', 'message')),
  ADD CONSTRAINT "mail_blocks_status_form" CHECK ("status" ~ '^[245]\.\d{1,3}\.\d{1,3}$');

-- Which report came with a token that counts once (Mailgun signs the token and not the report). For two days.
CREATE TABLE "mail_report_tokens" (
    "hash" TEXT NOT NULL,
    "report" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mail_report_tokens_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "mail_report_tokens_received_at_idx" ON "mail_report_tokens"("received_at");

GRANT SELECT, INSERT, UPDATE, DELETE ON "mail_blocks", "mail_report_tokens" TO dossier_app;
ALTER TABLE "mail_blocks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "mail_blocks" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "mail_report_tokens" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "mail_report_tokens" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- Runs as whoever deletes or changes the account or the subscriber: the registrar alone.
CREATE FUNCTION wall.forget_mail_block() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.mail_blocks b WHERE b.email = OLD.email
    AND NOT EXISTS (SELECT FROM public.accounts a WHERE a.email = OLD.email)
    AND NOT EXISTS (SELECT FROM public.subscribers s WHERE s.email = OLD.email);
  RETURN NULL;
END;
$$;
CREATE TRIGGER "forget_mail_block" AFTER DELETE OR UPDATE OF "email" ON "accounts" FOR EACH ROW
  EXECUTE FUNCTION wall.forget_mail_block();
CREATE TRIGGER "forget_mail_block" AFTER DELETE OR UPDATE OF "email" ON "subscribers" FOR EACH ROW
  EXECUTE FUNCTION wall.forget_mail_block();
