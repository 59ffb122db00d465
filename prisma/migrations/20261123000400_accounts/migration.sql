-- CreateEnum
CREATE TYPE "account_role" AS ENUM ('reader', 'support', 'editor', 'admin');

-- CreateEnum
CREATE TYPE "account_state" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "grant_source" AS ENUM ('JOINED', 'SUBSCRIPTION', 'COMP', 'TRIAL', 'SEAT', 'GIFT');

-- CreateEnum
CREATE TYPE "link_purpose" AS ENUM ('verify_email', 'reset_password', 'change_email');

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "role" "account_role" NOT NULL DEFAULT 'reader',
    "state" "account_state" NOT NULL DEFAULT 'active',
    "password_hash" TEXT,
    "verified_at" TIMESTAMPTZ(3),
    "totp_secret" TEXT,
    "totp_confirmed_at" TIMESTAMPTZ(3),
    "totp_last_step" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "logins" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "device" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "logins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "tier_slug" TEXT NOT NULL,
    "source" "grant_source" NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "reference" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_tokens" (
    "hash" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "purpose" "link_purpose" NOT NULL,
    "email" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recovery_codes" (
    "account_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("account_id","hash")
);

-- CreateTable
CREATE TABLE "passkeys" (
    "id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "known_devices" (
    "account_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_devices_pkey" PRIMARY KEY ("account_id","hash")
);

-- CreateTable
CREATE TABLE "letters" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "sid" TEXT NOT NULL,
    "sess" JSON NOT NULL,
    "expire" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("sid")
);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_key" ON "accounts"("email");

-- CreateIndex
CREATE INDEX "logins_account_id_idx" ON "logins"("account_id");

-- CreateIndex
CREATE INDEX "grants_account_id_idx" ON "grants"("account_id");

-- CreateIndex
CREATE INDEX "link_tokens_account_id_purpose_idx" ON "link_tokens"("account_id", "purpose");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");

-- CreateIndex
CREATE INDEX "api_tokens_account_id_idx" ON "api_tokens"("account_id");

-- CreateIndex
CREATE INDEX "passkeys_account_id_idx" ON "passkeys"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "letters_key_key" ON "letters"("key");

-- CreateIndex
CREATE INDEX "letters_sent_at_due_at_idx" ON "letters"("sent_at", "due_at");

-- CreateIndex
CREATE INDEX "sessions_expire_idx" ON "sessions"("expire");

-- AddForeignKey
ALTER TABLE "logins" ADD CONSTRAINT "logins_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_tokens" ADD CONSTRAINT "link_tokens_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "letters" ADD CONSTRAINT "letters_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "accounts"
  ADD CONSTRAINT "accounts_email_form" CHECK ("email" = lower("email") AND "email" ~ '^[^\s@]+@[^\s@]+$' AND length("email") <= 254),
  ADD CONSTRAINT "accounts_name_length" CHECK (length("name") BETWEEN 1 AND 100),
  ADD CONSTRAINT "accounts_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
ALTER TABLE "grants" ADD CONSTRAINT "grants_in_order" CHECK ("until" IS NULL OR "until" >= "from");
-- A source elsewhere gives one grant: delivered twice, it is still one.
CREATE UNIQUE INDEX "grants_one_per_reference" ON "grants" ("source", "reference") WHERE "reference" IS NOT NULL;
-- Joining a tier twice is joining it once.
CREATE UNIQUE INDEX "grants_joined_once" ON "grants" ("account_id", "tier_slug") WHERE "source" = 'JOINED' AND "revoked_at" IS NULL;
ALTER TABLE "link_tokens" ADD CONSTRAINT "link_tokens_email_for_change" CHECK (("purpose" = 'change_email') = ("email" IS NOT NULL));

-- The registrar is the only role that reads accounts and what hangs on them: a reader's transaction cannot, whatever
-- statement gets into it.
CREATE FUNCTION wall.keeps_accounts() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[2] = 'registrar', false) $$;
REVOKE ALL ON FUNCTION wall.keeps_accounts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.keeps_accounts() TO dossier_app;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['accounts','logins','grants','link_tokens','api_tokens','recovery_codes','passkeys','known_devices','letters'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "registrar" ON %I USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()))', name);
  END LOOP;
END $$;

-- The session store speaks for itself, without a context. What it keeps is worth nothing to a thief: the id is a hash.
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "session_store" ON "sessions" USING (true) WITH CHECK (true);

-- Whoever keeps facts of an account hears, after the commit, that they may be false now.
CREATE FUNCTION wall.account_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'accounts' THEN
    PERFORM pg_notify('dossier_accounts', coalesce(NEW.id, OLD.id)::text);
  ELSE
    PERFORM pg_notify('dossier_accounts', coalesce(NEW.account_id, OLD.account_id)::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "account_changed" AFTER UPDATE OR DELETE ON "accounts" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
CREATE TRIGGER "account_changed" AFTER INSERT OR UPDATE OR DELETE ON "grants" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
CREATE TRIGGER "account_changed" AFTER INSERT OR DELETE OR UPDATE OF "ended_at" ON "logins" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
CREATE TRIGGER "account_changed" AFTER INSERT OR DELETE ON "passkeys" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
CREATE TRIGGER "account_changed" AFTER INSERT OR UPDATE OF "revoked_at" OR DELETE ON "api_tokens" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();

-- The worker that sends letters hears of a new one when it is committed.
CREATE FUNCTION wall.letter_written() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('dossier_letters', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "letter_written" AFTER INSERT ON "letters" FOR EACH STATEMENT EXECUTE FUNCTION wall.letter_written();

-- Another role, or a suspension, ends every login of the account (ASVS 7.4.2, 8.3.2): a session begun as one thing never
-- goes on as another, whoever makes the change.
CREATE FUNCTION wall.role_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.logins SET ended_at = now() WHERE account_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER "role_changed" AFTER UPDATE OF "role", "state" ON "accounts" FOR EACH ROW
  WHEN (OLD.role IS DISTINCT FROM NEW.role OR OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION wall.role_changed();
