-- Somebody must be left who can give roles. Whoever would end the last active admin, by deleting, suspending or giving
-- another role, is refused with LA001; src/accounts/last-admin.ts knows it by that. Addresses under .invalid belong to
-- nobody (RFC 2606): the accounts that `npm run leaks` plants neither count as admins nor are kept as one.
CREATE FUNCTION wall.is_admin(role account_role, state account_state, email text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT role::text = 'admin' AND state::text = 'active' AND email NOT LIKE '%.invalid' $$;

CREATE FUNCTION wall.keep_last_admin() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT wall.is_admin(OLD.role, OLD.state, OLD.email) THEN RETURN NULL; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF wall.is_admin(NEW.role, NEW.state, NEW.email) THEN RETURN NULL; END IF;
  END IF;
  -- Two who go at once go one after the other: the second looks again once the first has gone, and finds nobody left.
  PERFORM pg_advisory_xact_lock(hashtext('dossier: the last admin'));
  IF NOT EXISTS (SELECT FROM public.accounts AS one WHERE wall.is_admin(one.role, one.state, one.email)) THEN
    RAISE EXCEPTION 'the last admin cannot go' USING ERRCODE = 'LA001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "keep_last_admin" AFTER UPDATE OR DELETE ON "accounts" FOR EACH ROW EXECUTE FUNCTION wall.keep_last_admin();
REVOKE ALL ON FUNCTION wall.is_admin(account_role, account_state, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.is_admin(account_role, account_state, text) TO dossier_app;

-- Another role, or a suspension, ends every way in that was opened before: tokens as well as logins.
CREATE OR REPLACE FUNCTION wall.role_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.logins SET ended_at = now() WHERE account_id = NEW.id AND ended_at IS NULL;
  UPDATE public.api_tokens SET revoked_at = now() WHERE account_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
