-- A letter waits as a job of the one queue, which carries its id alone; its recipient and words stay behind the registrar's
-- wall. The row and its job are there together, whoever writes the row: a trigger adds the job.
--
-- Processes of the version before still run while this is applied, and take rows that are due. So no row is ever due for them
-- any more: due_at stands at the end of time, and a due_at that such a process writes (its try failed) becomes the moment of the job.

CREATE TYPE "mail_refusal" AS ENUM ('recipient', 'message');

ALTER TABLE "accounts"
  ADD COLUMN "mail_refused_at" TIMESTAMPTZ(3),
  ADD COLUMN "mail_refusal" "mail_refusal",
  ADD CONSTRAINT "accounts_mail_refusal_whole" CHECK (("mail_refused_at" IS NULL) = ("mail_refusal" IS NULL));

CREATE INDEX "accounts_mail_refused" ON "accounts" ("mail_refused_at") WHERE "mail_refused_at" IS NOT NULL;

CREATE FUNCTION wall.letter_queued() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE never constant timestamptz := '9999-12-31 00:00:00+00';
BEGIN
  IF NEW.sent_at IS NULL AND NEW.attempts < 20 AND NEW.due_at < never THEN
    PERFORM graphile_worker.add_job('send-letter', json_build_object('letter', NEW.id), run_at => NEW.due_at, max_attempts => 20, job_key => 'letter ' || NEW.id);
  END IF;
  NEW.due_at := never;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION wall.letter_queued() FROM PUBLIC;

CREATE TRIGGER "letter_queued" BEFORE INSERT OR UPDATE OF "due_at" ON "letters" FOR EACH ROW EXECUTE FUNCTION wall.letter_queued();

-- Letters that wait already: one that a process has taken is tried again, as before, five minutes after it was taken.
DO $$
BEGIN
  IF to_regclass('graphile_worker._private_jobs') IS NOT NULL THEN
    UPDATE letters SET due_at = due_at WHERE sent_at IS NULL AND attempts < 20;
  END IF;
END $$;
