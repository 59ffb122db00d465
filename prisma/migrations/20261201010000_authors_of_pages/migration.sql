-- Who wrote a page of the publisher's own: the address and the name of each author, in their order, as revisions of
-- briefings have them (src/site/pages/authors.ts). A process that knows nothing of it writes pages without.
ALTER TABLE "page_revisions" ADD COLUMN "authors" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "page_revisions" ADD CONSTRAINT "page_revisions_authors_form" CHECK (jsonb_typeof("authors") = 'array');
ALTER TABLE "page_drafts" ADD COLUMN "authors" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "page_drafts" ADD CONSTRAINT "page_drafts_authors_form" CHECK (jsonb_typeof("authors") = 'array');
