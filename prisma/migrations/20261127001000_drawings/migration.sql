-- What a picture was drawn from (docs/decisions/0015-pictures-are-drawn-anew.md).

-- CreateTable
CREATE TABLE "drawings" (
    "file_id" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "drawings_pkey" PRIMARY KEY ("file_id")
);

-- CreateIndex
CREATE INDEX "drawings_picture_id_idx" ON "drawings"("picture_id");

-- AddForeignKey
ALTER TABLE "drawings" ADD CONSTRAINT "drawings_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Nobody else has the files. A row goes with its picture and is never another one.
ALTER TABLE "drawings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "drawings" FOR SELECT USING ((SELECT wall.writes()));
CREATE POLICY "desk_inserts" ON "drawings" FOR INSERT WITH CHECK ((SELECT wall.writes()));
