-- Pictures whose bytes lie in a bucket (docs/decisions/0018-bytes-move-rights-stay.md).

-- AlterTable
ALTER TABLE "pictures" ADD COLUMN     "object" UUID NOT NULL DEFAULT gen_random_uuid(),
ALTER COLUMN "bytes" DROP NOT NULL;

-- AlterTable
ALTER TABLE "picture_sizes" ADD COLUMN     "digest" TEXT,
ADD COLUMN     "object" UUID NOT NULL DEFAULT gen_random_uuid(),
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
GRANT UPDATE ("bytes", "object") ON "pictures", "picture_sizes" TO dossier_app;

-- Whoever adds or removes a picture, by whichever way, leaves a job in the same transaction: to look at what came, and to
-- remove the object of what went. The looks at one picture that nobody has begun are one. All are done one after the other: while a
-- bucket is slow, whatever else is in the queue has its turn. They are tried for three weeks: a bucket can be away for long.
CREATE FUNCTION wall.picture_came() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE came text;
BEGIN
  IF TG_TABLE_NAME = 'pictures' THEN came := NEW.id; ELSE came := NEW.picture_id; END IF;
  PERFORM graphile_worker.add_job('picture', json_build_object('id', came), queue_name => 'pictures', job_key => 'picture ' || came, max_attempts => 100);
  RETURN NULL;
END $$;
CREATE FUNCTION wall.picture_went() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE digest text;
BEGIN
  IF TG_TABLE_NAME = 'pictures' THEN digest := OLD.id; ELSE digest := OLD.digest; END IF;
  PERFORM graphile_worker.add_job('picture-gone', json_build_object('digest', digest, 'object', OLD.object), queue_name => 'pictures', max_attempts => 100);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION wall.picture_came(), wall.picture_went() FROM PUBLIC;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['pictures','picture_sizes'] LOOP
    EXECUTE format('CREATE TRIGGER "picture_came" AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION wall.picture_came()', name);
    EXECUTE format('CREATE TRIGGER "picture_went" AFTER DELETE ON %I FOR EACH ROW EXECUTE FUNCTION wall.picture_went()', name);
  END LOOP;
END $$;
