-- Pictures whose bytes lie in a bucket (docs/decisions/0018-bytes-move-rights-stay.md).

-- AlterTable
ALTER TABLE "pictures" ALTER COLUMN "bytes" DROP NOT NULL;

-- AlterTable
ALTER TABLE "picture_sizes" ADD COLUMN     "digest" TEXT,
ALTER COLUMN "bytes" DROP NOT NULL;

UPDATE "picture_sizes" SET "digest" = encode(sha256("bytes"), 'hex');
ALTER TABLE "picture_sizes" ALTER COLUMN "digest" SET NOT NULL;

-- Bytes that are not here are known by their digest all the same: a picture's is its id (`pictures_id_is_sha256`).
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_id_is_a_digest" CHECK ("id" ~ '^[0-9a-f]{64}$');
ALTER TABLE "picture_sizes"
  ADD CONSTRAINT "picture_sizes_digest_is_one" CHECK ("digest" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "picture_sizes_digest_is_sha256" CHECK ("digest" = encode(sha256("bytes"), 'hex'));

-- Is this whoever carries bytes between Postgres and the bucket?
CREATE FUNCTION wall.carries() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[2] = 'porter', false) $$;
REVOKE ALL ON FUNCTION wall.carries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.carries() TO dossier_app;

-- The porter meets every picture, and changes where its bytes are. Nothing else of a picture is ever changed, by nobody:
-- and what is put into the column is what it was, or the digest would not be its own.
ALTER POLICY "where_it_stands" ON "pictures" USING ((SELECT wall.writes()) OR (SELECT wall.carries()) OR wall.stands("id"));
CREATE POLICY "porter_updates" ON "pictures" FOR UPDATE USING ((SELECT wall.carries())) WITH CHECK ((SELECT wall.carries()));
CREATE POLICY "porter_updates" ON "picture_sizes" FOR UPDATE USING ((SELECT wall.carries())) WITH CHECK ((SELECT wall.carries()));
REVOKE UPDATE ON "pictures", "picture_sizes" FROM dossier_app;
GRANT UPDATE ("bytes") ON "pictures", "picture_sizes" TO dossier_app;

-- Whoever adds or removes a picture, by whichever way, asks for a look at it in the same transaction. The looks of one
-- picture that nobody has begun are one, and pictures are looked at one after the other: while a bucket is slow, whatever else
-- is in the queue has its turn. It is tried for three weeks: a bucket can be away for long.
CREATE FUNCTION wall.picture_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE changed text;
BEGIN
  IF TG_TABLE_NAME = 'pictures' THEN
    changed := coalesce(NEW.id, OLD.id);
  ELSE
    changed := NEW.picture_id;
  END IF;
  PERFORM graphile_worker.add_job('picture', json_build_object('id', changed), queue_name => 'pictures', job_key => 'picture ' || changed, max_attempts => 100);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION wall.picture_changed() FROM PUBLIC;
CREATE TRIGGER "picture_changed" AFTER INSERT OR DELETE ON "pictures" FOR EACH ROW EXECUTE FUNCTION wall.picture_changed();
CREATE TRIGGER "picture_changed" AFTER INSERT ON "picture_sizes" FOR EACH ROW EXECUTE FUNCTION wall.picture_changed();
