-- Who leaves without an account leaves which letters they were sent, by a hash of their address, for thirty days: whoever
-- comes again in that time gets nothing twice. Triggers do it, whoever deletes the subscriber.
CREATE TABLE "former_subscribers" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "left_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "former_subscribers_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "former_subscribers_hash_key" ON "former_subscribers"("hash");
CREATE INDEX "former_subscribers_left_at_idx" ON "former_subscribers"("left_at");

ALTER TABLE "issue_letters" ADD COLUMN "former_subscriber_id" UUID;
CREATE INDEX "issue_letters_former_subscriber_id_idx" ON "issue_letters"("former_subscriber_id");

GRANT SELECT, INSERT, UPDATE, DELETE ON "former_subscribers" TO dossier_app;
ALTER TABLE "former_subscribers" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "former_subscribers" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

CREATE FUNCTION wall.hash_of_address(email TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(email, 'UTF8')), 'hex');
$$;

CREATE FUNCTION wall.remember_letters() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.issue_letters l WHERE l.subscriber_id = OLD.id AND l.state = 'sent') THEN
    INSERT INTO public.former_subscribers AS f (id, hash, left_at)
      VALUES (OLD.id, wall.hash_of_address(OLD.email), clock_timestamp())
      ON CONFLICT (hash) DO UPDATE SET id = EXCLUDED.id, left_at = EXCLUDED.left_at;
    UPDATE public.issue_letters l SET subscriber_id = NULL, former_subscriber_id = OLD.id
      WHERE l.subscriber_id = OLD.id AND l.state = 'sent';
  END IF;
  RETURN OLD;
END;
$$;
CREATE TRIGGER "remember_letters" BEFORE DELETE ON "subscribers" FOR EACH ROW EXECUTE FUNCTION wall.remember_letters();

-- Instead of a foreign key: an archive has letters, and not who has left.
CREATE FUNCTION wall.forget_letters() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.issue_letters l SET former_subscriber_id = NULL WHERE l.former_subscriber_id = OLD.id;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "forget_letters" AFTER DELETE ON "former_subscribers" FOR EACH ROW EXECUTE FUNCTION wall.forget_letters();

-- Its argument is the column of letters that names who has come.
CREATE FUNCTION wall.take_back_letters() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  former UUID;
BEGIN
  SELECT f.id INTO former FROM public.former_subscribers f WHERE f.hash = wall.hash_of_address(NEW.email) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF TG_ARGV[0] = 'account_id' THEN
    UPDATE public.issue_letters l SET account_id = NEW.id WHERE l.former_subscriber_id = former AND NOT EXISTS (
      SELECT FROM public.issue_letters o WHERE o.issue_id = l.issue_id AND o.account_id = NEW.id);
  ELSE
    UPDATE public.issue_letters l SET subscriber_id = NEW.id WHERE l.former_subscriber_id = former AND NOT EXISTS (
      SELECT FROM public.issue_letters o WHERE o.issue_id = l.issue_id AND o.subscriber_id = NEW.id);
  END IF;
  -- The letters name them no more.
  DELETE FROM public.former_subscribers f WHERE f.id = former;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "take_back_letters" AFTER INSERT ON "subscribers" FOR EACH ROW
  EXECUTE FUNCTION wall.take_back_letters('subscriber_id');
CREATE TRIGGER "take_back_letters" AFTER INSERT OR UPDATE OF "email", "verified_at" ON "accounts" FOR EACH ROW
  WHEN (NEW.verified_at IS NOT NULL) EXECUTE FUNCTION wall.take_back_letters('account_id');
