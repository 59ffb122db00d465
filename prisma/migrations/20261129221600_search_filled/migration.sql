-- The vectors of what there is, by the functions of the migration before: apart from it, so that no table waits.
UPDATE "passages" SET "search" = NULL WHERE "until_revision" IS NULL AND "restore_point_id" IS NULL;
SELECT wall.refresh_search_texts("id") FROM "briefings" WHERE "copy_of" IS NULL;
