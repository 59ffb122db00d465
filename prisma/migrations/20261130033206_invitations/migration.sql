-- Invitations to work here (src/accounts/invitations), and what somebody who leaves hands on.
CREATE TABLE "invitations" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "role" "account_role" NOT NULL,
    "lang" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "inviter_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by_id" UUID,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "invitations_hash_key" ON "invitations"("hash");
CREATE INDEX "invitations_created_at_id_idx" ON "invitations"("created_at", "id");
-- One open invitation for an address.
CREATE UNIQUE INDEX "invitations_one_open" ON "invitations"("email") WHERE "accepted_at" IS NULL AND "revoked_at" IS NULL;

ALTER TABLE "invitations"
  ADD CONSTRAINT "invitations_inviter_id_fkey" FOREIGN KEY ("inviter_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "invitations_accepted_by_id_fkey" FOREIGN KEY ("accepted_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "invitations_email_form" CHECK ("email" = lower("email") AND "email" ~ '^[^\s@]+@[^\s@]+$' AND length("email") <= 254),
  ADD CONSTRAINT "invitations_role_works" CHECK ("role" <> 'reader'),
  ADD CONSTRAINT "invitations_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  ADD CONSTRAINT "invitations_one_end" CHECK ("accepted_at" IS NULL OR "revoked_at" IS NULL);

GRANT SELECT, INSERT, UPDATE ON "invitations" TO dossier_app;
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "invitations" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- Whoever keeps accounts reads no briefing. How many somebody began, by where they stand, and whose they are from now on,
-- is all there is to know and to do for them.
CREATE FUNCTION wall.begun_by(account uuid) RETURNS TABLE (state text, n int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT wall.keeps_accounts() THEN
    RAISE EXCEPTION 'only whoever keeps accounts asks what they own';
  END IF;
  RETURN QUERY
    SELECT CASE WHEN b.state = 'published' AND b.published_at > now() THEN 'scheduled' ELSE b.state::text END, count(*)::int
    FROM public.briefings b WHERE b.author_id = account AND b.copy_of IS NULL GROUP BY 1 ORDER BY 1;
END $$;

CREATE FUNCTION wall.hand_on(leaving uuid, heir uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handed int;
BEGIN
  IF NOT wall.keeps_accounts() THEN
    RAISE EXCEPTION 'only whoever keeps accounts hands on what they own';
  END IF;
  PERFORM FROM public.accounts a WHERE a.id = heir AND a.role IN ('editor', 'admin') AND a.state = 'active' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'what is handed on goes to somebody who works at the desk';
  END IF;
  UPDATE public.briefings SET author_id = heir WHERE author_id = leaving;
  GET DIAGNOSTICS handed = ROW_COUNT;
  RETURN handed;
END $$;

REVOKE ALL ON FUNCTION wall.begun_by(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION wall.hand_on(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.begun_by(uuid) TO dossier_app;
GRANT EXECUTE ON FUNCTION wall.hand_on(uuid, uuid) TO dossier_app;
