-- Webhooks that go out (src/webhooks): where a publisher's programs are told what happened here. A delivery names what
-- happened and holds no text: its body is made when it is sent, from what is public then.
CREATE TABLE "webhooks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[] NOT NULL,
    "secret" TEXT NOT NULL,
    "former_secret" TEXT,
    "former_until" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'active',
    "reason" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "webhooks"
  ADD CONSTRAINT "webhooks_state_known" CHECK ("state" IN ('active', 'paused')),
  ADD CONSTRAINT "webhooks_reason_known" CHECK ("reason" IN ('failing', 'gone'));

CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "webhook_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "briefing_id" UUID,
    "slug" TEXT,
    "account_id" UUID,
    "tier" TEXT,
    "former_tier" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "response_code" INTEGER,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_deliveries_webhook_id_created_at_id_idx" ON "webhook_deliveries"("webhook_id", "created_at", "id");
CREATE INDEX "webhook_deliveries_briefing_id_idx" ON "webhook_deliveries"("briefing_id");
CREATE INDEX "webhook_deliveries_account_id_idx" ON "webhook_deliveries"("account_id");
CREATE INDEX "webhook_deliveries_finished_at_idx" ON "webhook_deliveries"("finished_at");
ALTER TABLE "webhook_deliveries"
  ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "webhook_deliveries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "webhook_deliveries_state_known" CHECK ("state" IN ('waiting', 'delivered', 'failed', 'dropped'));

-- At which tier a member was when a webhook was told last, or when there was none to be told.
CREATE TABLE "webhook_members" (
    "account_id" UUID NOT NULL,
    "tier" TEXT,

    CONSTRAINT "webhook_members_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "webhook_members" ADD CONSTRAINT "webhook_members_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "webhooks", "webhook_deliveries", "webhook_members" TO dossier_app;
ALTER TABLE "webhooks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "webhooks" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "webhook_deliveries" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "webhook_members" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "webhook_members" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- A delivery's job is there with it; it carries the delivery's id alone.
CREATE FUNCTION wall.webhook_queued() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job('send-webhook', json_build_object('delivery', NEW.id), run_at => NEW.due_at, max_attempts => 14, job_key => 'webhook ' || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER "webhook_queued" AFTER INSERT ON "webhook_deliveries" FOR EACH ROW EXECUTE FUNCTION wall.webhook_queued();

-- What happened to a briefing, as everybody meets it: below a tier that it is published for first, it is published later.
-- What is brought in as published long ago is no news. It runs in the transaction of whatever writes the row.
CREATE FUNCTION wall.webhook_of_briefing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := clock_timestamp();
  was timestamptz;
  opens timestamptz;
  briefing uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
  called text := CASE WHEN TG_OP = 'DELETE' THEN OLD.slug ELSE NEW.slug END;
  told text;
  due timestamptz := moment;
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.state = 'active' AND w.events && ARRAY['briefing.published', 'briefing.changed', 'briefing.withdrawn']) THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.copy_of IS NULL AND OLD.state = 'published' THEN
    was := greatest(OLD.published_at, CASE WHEN OLD.early_tier_slug IS NOT NULL THEN OLD.early_until END);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.copy_of IS NULL AND NEW.state = 'published' THEN
    opens := greatest(NEW.published_at, CASE WHEN NEW.early_tier_slug IS NOT NULL THEN NEW.early_until END);
  END IF;
  IF was <= moment THEN
    told := CASE WHEN opens IS NULL OR opens > moment THEN 'briefing.withdrawn' WHEN NEW.revision <> OLD.revision THEN 'briefing.changed' END;
    IF told IS NOT NULL THEN
      INSERT INTO public.webhook_deliveries (webhook_id, event, briefing_id, slug, due_at)
        SELECT w.id, told, briefing, called, moment FROM public.webhooks w WHERE w.state = 'active' AND told = ANY (w.events);
    END IF;
    IF told IS DISTINCT FROM 'briefing.withdrawn' THEN
      RETURN NULL;
    END IF;
  END IF;
  DELETE FROM public.webhook_deliveries d
    WHERE d.briefing_id = briefing AND d.event = 'briefing.published' AND d.state = 'waiting' AND d.due_at > moment;
  IF opens IS NULL OR (TG_OP = 'INSERT' AND opens < moment - interval '1 hour') THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.webhook_deliveries (webhook_id, event, briefing_id, slug, due_at)
    SELECT w.id, 'briefing.published', briefing, called, greatest(opens, moment) FROM public.webhooks w
    WHERE w.state = 'active' AND 'briefing.published' = ANY (w.events);
  RETURN NULL;
END $$;
CREATE TRIGGER "webhook_of_briefing" AFTER INSERT OR DELETE OR UPDATE OF "state", "published_at", "early_tier_slug", "early_until", "revision" ON "briefings"
  FOR EACH ROW EXECUTE FUNCTION wall.webhook_of_briefing();

-- Remembers at which tier these accounts are, of all where there are none named, without telling anybody.
CREATE FUNCTION wall.remember_members(ids uuid[], moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.webhook_members (account_id, tier)
    SELECT DISTINCT ON (g.account_id) g.account_id, t.slug
    FROM public.grants g JOIN public.tiers t ON t.slug = g.tier_slug JOIN public.accounts a ON a.id = g.account_id
    WHERE (ids IS NULL OR g.account_id = ANY (ids)) AND a.state = 'active' AND g."from" <= moment
      AND (g.until IS NULL OR g.until > moment) AND (g.revoked_at IS NULL OR g.revoked_at > moment)
    ORDER BY g.account_id, t.rank DESC
    ON CONFLICT (account_id) DO UPDATE SET tier = EXCLUDED.tier;
$$;

-- Whoever's grants change is looked at once that is committed: by a job that carries the account's id alone. What many are
-- brought in with (`dossier.bulk`) is remembered and told to nobody.
CREATE FUNCTION wall.webhook_of_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  accounts uuid[];
  one uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.state = 'active' AND w.events && ARRAY['member.joined', 'member.tier-changed']) THEN
    RETURN NULL;
  END IF;
  accounts := ARRAY(SELECT DISTINCT c.account_id FROM changed c);
  IF current_setting('dossier.bulk', true) = 'on' THEN
    PERFORM wall.remember_members(accounts, now());
    RETURN NULL;
  END IF;
  FOREACH one IN ARRAY accounts LOOP
    PERFORM graphile_worker.add_job('look-at-member', json_build_object('account', one), max_attempts => 12, job_key => 'member ' || one);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER "webhook_granted" AFTER INSERT ON "grants" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.webhook_of_grants();
CREATE TRIGGER "webhook_regranted" AFTER UPDATE ON "grants" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.webhook_of_grants();
CREATE TRIGGER "webhook_ungranted" AFTER DELETE ON "grants" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.webhook_of_grants();

CREATE FUNCTION wall.webhook_of_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.webhooks w WHERE w.state = 'active' AND w.events && ARRAY['member.joined', 'member.tier-changed']) THEN
    PERFORM graphile_worker.add_job('look-at-member', json_build_object('account', NEW.id), max_attempts => 12, job_key => 'member ' || NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "webhook_of_account" AFTER UPDATE OF "state" ON "accounts" FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION wall.webhook_of_account();

REVOKE ALL ON FUNCTION wall.webhook_queued(), wall.webhook_of_briefing(), wall.remember_members(uuid[], timestamptz), wall.webhook_of_grants(),
  wall.webhook_of_account() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.remember_members(uuid[], timestamptz) TO dossier_app;
