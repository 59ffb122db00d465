-- Which session a login goes by, so that a process that hears of changes knows without asking the session store
-- whether a cookie is still good. A process of a version before this one leaves it empty: the next request fills it.
ALTER TABLE "logins" ADD COLUMN "session_hash" TEXT;

CREATE OR REPLACE TRIGGER "account_changed" AFTER INSERT OR DELETE OR UPDATE OF "ended_at", "session_hash" ON "logins"
  FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
