-- What happens while a webhook is paused waits for it. What was told to a webhook that is paused now was not written until
-- here: members are told from the tiers of this moment on.
SELECT wall.remember_members(NULL, now()) WHERE EXISTS (
  SELECT FROM "webhooks" WHERE "events" && ARRAY['member.joined', 'member.tier-changed']) AND NOT EXISTS (
  SELECT FROM "webhooks" WHERE "events" && ARRAY['member.joined', 'member.tier-changed'] AND "state" = 'active');

ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_state_known";
ALTER TABLE "webhook_deliveries"
  ADD CONSTRAINT "webhook_deliveries_state_known" CHECK ("state" IN ('waiting', 'delivered', 'failed', 'dropped', 'skipped'));
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" ("webhook_id") WHERE "state" = 'waiting';

-- Of what happens to one briefing during a pause, only what still counts waits: a webhook is told how it is when it is
-- resumed. A thousand deliveries wait for a webhook at most; what comes after them is not told.
CREATE FUNCTION wall.webhook_waits() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.state <> 'waiting' OR NOT EXISTS (
    SELECT FROM public.webhooks w WHERE w.id = NEW.webhook_id AND w.state = 'paused') THEN
    RETURN NEW;
  END IF;
  IF NEW.event = 'briefing.changed' AND EXISTS (
    SELECT FROM public.webhook_deliveries d WHERE d.webhook_id = NEW.webhook_id AND d.briefing_id = NEW.briefing_id
      AND d.state = 'waiting' AND d.event IN ('briefing.published', 'briefing.changed')) THEN
    RETURN NULL;
  END IF;
  -- The column rounds to milliseconds, up as well as down: what is due now may be due in half of one.
  IF NEW.event IN ('briefing.published', 'briefing.withdrawn')
    AND NEW.due_at <= clock_timestamp() + interval '1 millisecond' THEN
    DELETE FROM public.webhook_deliveries d WHERE d.webhook_id = NEW.webhook_id AND d.briefing_id = NEW.briefing_id
      AND d.state = 'waiting' AND d.attempts = 0;
  END IF;
  IF (SELECT count(*) FROM (
    SELECT FROM public.webhook_deliveries d WHERE d.webhook_id = NEW.webhook_id AND d.state = 'waiting' LIMIT 1000) w
  ) >= 1000 THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "webhook_waits" BEFORE INSERT ON "webhook_deliveries" FOR EACH ROW EXECUTE FUNCTION wall.webhook_waits();
REVOKE ALL ON FUNCTION wall.webhook_waits() FROM PUBLIC;

-- As before, for webhooks that are paused as well.
CREATE OR REPLACE FUNCTION wall.webhook_of_briefing() RETURNS trigger
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
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.events && ARRAY['briefing.published', 'briefing.changed', 'briefing.withdrawn']) THEN
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
        SELECT w.id, told, briefing, called, moment FROM public.webhooks w WHERE told = ANY (w.events);
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
    WHERE 'briefing.published' = ANY (w.events);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION wall.webhook_of_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  accounts uuid[];
  one uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.events && ARRAY['member.joined', 'member.tier-changed']) THEN
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

CREATE OR REPLACE FUNCTION wall.webhook_of_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.webhooks w WHERE w.events && ARRAY['member.joined', 'member.tier-changed']) THEN
    PERFORM graphile_worker.add_job('look-at-member', json_build_object('account', NEW.id), max_attempts => 12, job_key => 'member ' || NEW.id);
  END IF;
  RETURN NULL;
END $$;
