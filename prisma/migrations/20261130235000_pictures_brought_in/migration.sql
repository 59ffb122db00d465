-- Pictures of posts that are brought in (src/imports/posts/pictures), sealed as the posts are, and gone with what was sealed.
CREATE TABLE "import_pictures" (
    "import_id" UUID NOT NULL,
    "mark" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "picture_id" TEXT,
    "format" TEXT,
    "width" INTEGER,
    "height" INTEGER,
    "refused" TEXT,

    CONSTRAINT "import_pictures_pkey" PRIMARY KEY ("import_id", "mark")
);
ALTER TABLE "import_pictures" ADD CONSTRAINT "import_pictures_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "import_pictures" ADD CONSTRAINT "import_pictures_refused" CHECK ("refused" IN ('bytes', 'format', 'broken', 'pixels'));
ALTER TABLE "import_pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "import_pictures" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
