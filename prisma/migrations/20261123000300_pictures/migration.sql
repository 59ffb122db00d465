-- CreateEnum
CREATE TYPE "picture_format" AS ENUM ('png', 'jpg', 'webp', 'avif');

-- AlterTable
ALTER TABLE "briefings" ADD COLUMN     "cover_id" TEXT;

-- AlterTable
ALTER TABLE "editions" ADD COLUMN     "cover_alt" TEXT;

-- CreateTable
CREATE TABLE "pictures" (
    "id" TEXT NOT NULL,
    "format" "picture_format" NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "pictures_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "briefings_cover_id_idx" ON "briefings"("cover_id");

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_cover_id_fkey" FOREIGN KEY ("cover_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "pictures"
  ADD CONSTRAINT "pictures_id_is_sha256" CHECK ("id" = encode(sha256("bytes"), 'hex')),
  ADD CONSTRAINT "pictures_size" CHECK ("width" BETWEEN 1 AND 10000 AND "height" BETWEEN 1 AND 10000 AND octet_length("bytes") <= 2097152);

-- A picture is seen by whoever sees a briefing that shows it.
ALTER TABLE "pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_a_briefing" ON "pictures" FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id") OR (SELECT wall.writes()));
CREATE POLICY "desk_inserts" ON "pictures" FOR INSERT WITH CHECK ((SELECT wall.writes()));
