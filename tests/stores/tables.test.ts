import { Client } from 'pg';
import { createDatabase } from '../support/stores/cluster';

let client: Client;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  drop = () => database.drop();
  client = new Client({ connectionString: database.superuser });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await drop();
});

test('every table the application may write is behind row-level security', async () => {
  const { rows } = await client.query<{ name: string; secured: boolean; policies: number }>(`
    SELECT c.relname AS name, c.relrowsecurity AS secured,
      (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND has_table_privilege('dossier_app', c.oid, 'INSERT') ORDER BY 1`);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter(({ secured, policies }) => !secured || policies === 0)).toEqual([]);
});

test('no table but passages can hold gated text: none has a column of the kind it is kept in but the ones named here', async () => {
  // Text that is public by definition, or about accounts. A new one must be added here by somebody who has thought
  // about it.
  const PUBLIC = [
    'acceptances.way',
    // What a publisher knows a member by; and below, a file of people as it came, and what is noted of its rows.
    'account_labels.label',
    'accounts.email',
    'accounts.name',
    'accounts.password_hash',
    'accounts.totp_secret',
    'alarms.details',
    'alarms.kind',
    'alarms.subject',
    'api_tokens.hash',
    'api_tokens.name',
    'api_tokens.scopes',
    'audit_entries.action',
    'audit_entries.actor',
    'audit_entries.after',
    'audit_entries.before',
    'audit_entries.from_address',
    'audit_entries.reason',
    'audit_entries.target',
    'audit_entries.target_kind',
    'author_texts.line',
    // A sign of what was said of an author who was brought in.
    'authors.import_digest',
    'authors.links',
    'authors.name',
    'briefings.unchosen',
    'category_texts.description',
    'category_texts.name',
    // Why a revision is closed, as every reader is told.
    'closed_revisions.reason',
    'confidence_needs.band',
    'correction_texts.text',
    'disputes.reason',
    'disputes.status',
    'edition_placements.name',
    'editions.body',
    'editions.cover_alt',
    'editions.lead',
    'editions.summary',
    'editions.title',
    'editions.topic',
    'explanations.text',
    'facts.value',
    'figures.name',
    // What a member follows, as they typed it.
    'follows.list',
    'follows.query',
    'former_paths.path',
    // Of an address, for thirty days.
    'former_subscribers.hash',
    'found_prices.interval',
    'found_prices.name',
    'front_places.place',
    'gift_links.hash',
    'grants.reason',
    'grants.reference',
    'idempotency_failures.purpose',
    // Sealed as the posts are; its mark is no name.
    'import_pictures.format',
    'import_pictures.mark',
    'import_pictures.refused',
    'import_pictures.sealed',
    'import_rows.cells',
    'import_rows.customer',
    'import_rows.email',
    'import_rows.made',
    'import_rows.notes',
    'import_rows.outcome',
    'import_rows.stripe',
    'import_rows.tier_value',
    'import_rows.title',
    // Sealed, until the post is brought in: see below.
    'import_texts.sealed',
    'imports.facts',
    'imports.header',
    'imports.kind',
    'imports.name',
    'imports.options',
    'imports.source',
    'imports.state',
    'inbox.customer_ref',
    'inbox.failure',
    'inbox.payload',
    'inbox.type',
    // The address and the hash of the link; behind the registrar's policy.
    'invitations.email',
    'invitations.hash',
    'invoices.billing_reason',
    'invoices.number',
    'invoices.status',
    // What is said of briefings to many, in public texts, and to whom; behind the registrar's policy.
    'issue_letters.briefing_ids',
    'issue_letters.failure',
    'issue_letters.state',
    'issues.audience',
    'issues.briefing_ids',
    'issues.digest',
    'issues.preheaders',
    'issues.reason',
    'issues.state',
    'issues.subjects',
    'known_devices.hash',
    'letters.data',
    'letters.failure',
    'letters.kind',
    'letters.recipient',
    'link_tokens.email',
    'link_tokens.hash',
    'list_choices.categories',
    'list_choices.list',
    'list_items.text',
    'logins.device',
    'logins.session_hash',
    // To whom no letter to many goes, and why; and hashes of what told of it.
    'mail_blocks.email',
    'mail_blocks.kind',
    'mail_blocks.source',
    'mail_blocks.status',
    'mail_report_tokens.hash',
    'mail_report_tokens.report',
    'organization_texts.description',
    'organizations.lei',
    'organizations.links',
    'organizations.name',
    'organizations.wikidata',
    // Pages of the publisher's own: public by definition, drafts of them the desk's alone.
    'page_drafts.authors',
    'page_drafts.texts',
    'page_pictures.name',
    'page_revision_pictures.name',
    'page_revisions.authors',
    'page_revisions.texts',
    // The file name of a picture: as gated as the passage it stands in, or the desk's alone (decision 0017).
    'passage_placements.name',
    'passkeys.name',
    'passkeys.transports',
    'pending_joins.email',
    'pending_joins.hash',
    'pending_joins.name',
    'pending_joins.next',
    // An address and the hash of a link, and what it is to get; behind the registrar's policy.
    'pending_subscriptions.categories',
    'pending_subscriptions.email',
    'pending_subscriptions.hash',
    'pending_subscriptions.list',
    // A publisher's own words, for every page.
    'phrases.value',
    'picture_sizes.bytes',
    'picture_sizes.digest',
    'pictures.bytes',
    'private_feeds.hash',
    'reconciliations.failure',
    'recovery_codes.hash',
    // Without the gated text, which is in passages.
    'restore_points.content',
    'restore_points.reason',
    'restore_points.unfinished',
    // The file name of a picture in a public text: those of gated ones are not in this table.
    'revision_pictures.name',
    'revisions.content',
    'sandbox_state.kind',
    'sandbox_state.object',
    'sessions.sess',
    'sessions.sid',
    // Hashes, and the first admin as typed so far; behind the registrar's policies.
    'setup.draft',
    'setup.link_hash',
    'setup.session_hash',
    // A publisher's own words, for every page: what a briefing is made of.
    'shape_texts.long',
    'shape_texts.name',
    'shape_texts.word_group',
    'shape_words.anchor',
    'shape_words.field',
    'shape_words.gate_group',
    'shape_words.passage_shape',
    'shape_words.place',
    'shape_words.word_group',
    // A publisher's logo and icon, for every page.
    'site_pictures.bytes',
    'site_pictures.name',
    // A publisher's own words, for every page; those that name people are behind a policy of their own.
    'site_setting_changes.after',
    'site_setting_changes.before',
    'site_setting_changes.name',
    'site_settings.name',
    'site_settings.value',
    'source_texts.description',
    'source_texts.title',
    'subscribers.categories',
    'subscribers.email',
    'subscribers.list',
    'subscriptions.access_reason',
    'subscriptions.paused',
    'subscriptions.status',
    'tier_texts.benefits',
    'tier_texts.blurb',
    'tier_texts.join_heading',
    'tier_texts.join_label',
    'tier_texts.join_text',
    'tier_texts.name',
    'tiers.emblem',
    'tiers.hue',
    'tiers.joining',
    'unfinished.fields',
    // Where programs are told what happened, and what of: ids, and names of things.
    'webhook_deliveries.event',
    'webhook_deliveries.failure',
    'webhook_deliveries.former_tier',
    'webhook_deliveries.state',
    'webhook_deliveries.tier',
    'webhook_members.tier',
    'webhooks.events',
    'webhooks.former_secret',
    'webhooks.name',
    'webhooks.reason',
    'webhooks.secret',
    'webhooks.state',
  ];
  const NAMES = /(^|_)(slug|lang|key|url|currency|origin|id)$/;
  const { rows } = await client.query<{ at: string; column: string }>(`
    SELECT table_name || '.' || column_name AS at, column_name AS column FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT IN ('passages', '_prisma_migrations')
      AND data_type IN ('text', 'json', 'jsonb', 'ARRAY', 'character varying', 'bytea') ORDER BY 1`);
  expect(rows.filter(({ column }) => !NAMES.test(column)).map(({ at }) => at)).toEqual(PUBLIC);
});

test('the application may touch rows and nothing else', async () => {
  const { rows } = await client.query(`SELECT has_schema_privilege('dossier_app', 'public', 'CREATE') AS create,
    has_schema_privilege('dossier_app', 'wall', 'CREATE') AS wall,
    has_table_privilege('dossier_app', '_prisma_migrations', 'INSERT') AS migrations,
    has_table_privilege('dossier_app', 'passages', 'TRUNCATE') AS truncate`);
  expect(rows).toEqual([{ create: false, wall: false, migrations: false, truncate: false }]);
});
