-- Row-level security keeps an index over an enum from being used (its comparison is not leakproof), so these two were never
-- asked. An index of the few that a filter asks for is: whoever is neither a reader, nor active, nor proved, in the order
-- of the list, and what is granted neither by joining nor by paying.
DROP INDEX "accounts_role_created_at_id_idx";
DROP INDEX "accounts_state_created_at_id_idx";
CREATE INDEX "accounts_not_readers" ON "accounts" ("created_at", "id") WHERE "role" <> 'reader';
CREATE INDEX "accounts_not_active" ON "accounts" ("created_at", "id") WHERE "state" <> 'active';
CREATE INDEX "accounts_not_verified" ON "accounts" ("created_at", "id") WHERE "verified_at" IS NULL;
CREATE INDEX "grants_of_rare_sources" ON "grants" ("account_id") WHERE "source" <> 'JOINED' AND "source" <> 'SUBSCRIPTION';
