-- Letters to many for those without an account: an address, confirmed by the link of a letter, and what it is to get.
CREATE TABLE "subscribers" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "categories" TEXT[] NOT NULL DEFAULT '{}',
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL,
    "mail_refused_at" TIMESTAMPTZ(3),
    "mail_refusal" "mail_refusal",

    CONSTRAINT "subscribers_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "subscribers_email_key" ON "subscribers"("email");
CREATE INDEX "subscribers_list_idx" ON "subscribers"("list");
CREATE INDEX "subscribers_confirmed_at_id_idx" ON "subscribers"("confirmed_at", "id");
ALTER TABLE "subscribers"
  ADD CONSTRAINT "subscribers_list_known" CHECK ("list" IN ('each', 'daily', 'weekly')),
  ADD CONSTRAINT "subscribers_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

CREATE TABLE "pending_subscriptions" (
    "hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "categories" TEXT[] NOT NULL DEFAULT '{}',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pending_subscriptions_pkey" PRIMARY KEY ("hash")
);
CREATE UNIQUE INDEX "pending_subscriptions_email_key" ON "pending_subscriptions"("email");
CREATE INDEX "pending_subscriptions_expires_at_idx" ON "pending_subscriptions"("expires_at");
ALTER TABLE "pending_subscriptions"
  ADD CONSTRAINT "pending_subscriptions_list_known" CHECK ("list" IN ('each', 'daily', 'weekly'));

ALTER TABLE "list_choices" ADD COLUMN "former_subscriber_id" UUID;
CREATE UNIQUE INDEX "list_choices_former_subscriber_id_key" ON "list_choices"("former_subscriber_id");

-- Their letters are rows among all others. Who has left leaves theirs without a name, so that counts stay true.
ALTER TABLE "issue_letters" ALTER COLUMN "account_id" DROP NOT NULL, ADD COLUMN "subscriber_id" UUID;
CREATE UNIQUE INDEX "issue_letters_issue_id_subscriber_id_key" ON "issue_letters"("issue_id", "subscriber_id");
CREATE INDEX "issue_letters_subscriber_id_idx" ON "issue_letters"("subscriber_id");
ALTER TABLE "issue_letters"
  ADD CONSTRAINT "issue_letters_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "issue_letters_one_recipient" CHECK (num_nonnulls("account_id", "subscriber_id") <= 1);

GRANT SELECT, INSERT, UPDATE, DELETE ON "subscribers", "pending_subscriptions" TO dossier_app;
ALTER TABLE "subscribers" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "subscribers" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "pending_subscriptions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "pending_subscriptions" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- An account whose address is confirmed takes over what its holder had subscribed to without one, whatever made or
-- confirmed it; what the account has chosen itself stays. Letters move along, so that nobody gets one of an issue twice.
-- It runs as whoever writes the account: the registrar alone.
CREATE FUNCTION wall.take_over_subscription() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subscriber public.subscribers;
BEGIN
  SELECT * INTO subscriber FROM public.subscribers s WHERE s.email = NEW.email FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.list_choices (account_id, list, lang, categories, chosen_at, former_subscriber_id)
    VALUES (NEW.id, subscriber.list, subscriber.lang, subscriber.categories, subscriber.confirmed_at, subscriber.id)
    ON CONFLICT (account_id) DO UPDATE SET former_subscriber_id = EXCLUDED.former_subscriber_id;
  UPDATE public.issue_letters l SET account_id = NEW.id, subscriber_id = NULL
    WHERE l.subscriber_id = subscriber.id AND NOT EXISTS (
      SELECT FROM public.issue_letters o WHERE o.issue_id = l.issue_id AND o.account_id = NEW.id);
  DELETE FROM public.subscribers s WHERE s.id = subscriber.id;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "take_over_subscription" AFTER INSERT OR UPDATE OF "email", "verified_at" ON "accounts" FOR EACH ROW
  WHEN (NEW.verified_at IS NOT NULL) EXECUTE FUNCTION wall.take_over_subscription();
