-- The row of an import that has brought an author along, and a sign of what was said of them then, in the transaction
-- that makes them: a process that dies before the row says so leaves nobody whom taking back does not find
-- (src/imports/posts/authors.ts).
ALTER TABLE "authors" ADD COLUMN "import_id" UUID;
ALTER TABLE "authors" ADD COLUMN "import_row" INTEGER;
ALTER TABLE "authors" ADD COLUMN "import_digest" TEXT;
ALTER TABLE "authors" ADD CONSTRAINT "authors_import_whole" CHECK (num_nulls("import_id", "import_row", "import_digest") IN (0, 3));
