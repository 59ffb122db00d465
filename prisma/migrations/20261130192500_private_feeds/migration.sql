-- A member's own feed (src/feeds/private.ts): one address an account, kept as the hash of its secret.
CREATE TABLE "private_feeds" (
    "account_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "private_feeds_pkey" PRIMARY KEY ("account_id")
);
CREATE UNIQUE INDEX "private_feeds_hash_key" ON "private_feeds"("hash");
ALTER TABLE "private_feeds" ADD CONSTRAINT "private_feeds_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "private_feeds" TO dossier_app;
ALTER TABLE "private_feeds" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "private_feeds" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
CREATE TRIGGER "account_changed" AFTER INSERT OR UPDATE OR DELETE ON "private_feeds" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();

-- Another role, or a suspension, ends every way in that was opened before: the address of a feed as well as tokens and
-- logins.
CREATE OR REPLACE FUNCTION wall.role_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.logins SET ended_at = now() WHERE account_id = NEW.id AND ended_at IS NULL;
  UPDATE public.api_tokens SET revoked_at = now() WHERE account_id = NEW.id AND revoked_at IS NULL;
  DELETE FROM public.private_feeds WHERE account_id = NEW.id;
  RETURN NULL;
END $$;
