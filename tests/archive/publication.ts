import { randomUUID } from 'node:crypto';
import { original, SPANISH } from '../support/briefing';
import { somebody, type Somebody } from '../admin/support';
import type { Dossier } from '../support/dossier';
import { writePage } from '../support/own-pages';
import { aPicture } from '../support/pictures';
import { setSetting } from '../support/set-setting';
import { asSuperuserIn } from '../support/stores/cluster';

/** Stands in everything that no archive may hold. */
export const SECRET = 'zq7ksecret';

/** A publication with a row in every table there is, those that stay behind among them. */
export async function publish(dossier: Dossier): Promise<{ readonly admin: Somebody; readonly reader: Somebody }> {
  const [admin, reader] = [await somebody(dossier, 'admin'), await somebody(dossier)];
  const slug = 'a-signal';
  await dossier.take(slug, {
    'en.md': original({ slug, cover: 'cover.png' }).replace('title: A', 'cover-alt: A harbour.\ntitle: A'),
    'es.md': SPANISH,
    'cover.png': await aPicture('png', 10, false),
  });
  await writePage(dossier, 'about', { formerly: 'who-we-are' });
  await setSetting(dossier, 'time', { zone: 'Europe/Madrid' });
  await asSuperuserIn(dossier.urls.superuser, async (db) => {
    await db.query(
      `INSERT INTO shape_words (word_group, slug, position, made, passage_shape, gate_group, field)
        VALUES ('kinds', 'counter-view', 5, 5, 'one-text', 'other', 'kind-counter-view')`,
    );
    await db.query(
      "INSERT INTO shape_texts (word_group, slug, lang, name) VALUES ('kinds', 'counter-view', 'en', 'Counter view')",
    );
    await db.query("ALTER TYPE passage_kind ADD VALUE 'counter_view'");
  });
  await asSuperuserIn(dossier.urls.superuser, async (db) => {
    for (const statement of statements(admin.id, reader.id)) await db.query(statement);
  });
  return { admin, reader };
}

const statements = (admin: string, reader: string): string[] => [
  "INSERT INTO gates (kind, tier_slug) VALUES ('counter_view', 'strategy-circle')",
  "UPDATE tiers SET hue = 'plain', rank = 11 WHERE slug = 'strategy-circle'",
  'DELETE FROM confidence_needs WHERE band = (SELECT min(band) FROM confidence_needs)',
  `UPDATE accounts SET password_hash = '$argon2id$v=19$kept', totp_secret = '${SECRET}', totp_last_step = 7
    WHERE id = '${admin}'`,
  `INSERT INTO api_tokens (account_id, name, hash, scopes) VALUES ('${admin}', 'x', '${SECRET}1', '{}')`,
  `INSERT INTO invitations (email, role, lang, hash, sent_at, expires_at)
    VALUES ('x@example.org', 'editor', 'en', '${SECRET}2', now(), now())`,
  `INSERT INTO known_devices (account_id, hash) VALUES ('${admin}', '${SECRET}3')`,
  `INSERT INTO link_tokens (hash, account_id, purpose, expires_at)
    VALUES ('${SECRET}4', '${admin}', 'reset_password', now())`,
  `INSERT INTO passkeys (id, account_id, name, public_key, counter, transports)
    VALUES ('${SECRET}5', '${admin}', '${SECRET}', '\\x00', 0, '{}')`,
  `INSERT INTO pending_joins (hash, email, name, lang, expires_at)
    VALUES ('${SECRET}6', 'y@example.org', 'Y', 'en', now())`,
  `INSERT INTO recovery_codes (account_id, hash) VALUES ('${admin}', '${SECRET}7')`,
  `INSERT INTO sessions (sid, sess, expire) VALUES ('${SECRET}8', '{}', now())`,
  `INSERT INTO inbox (event_id, type, created_at, payload) VALUES ('evt_1', 'x', now(), '{"a": "${SECRET}"}')`,
  `INSERT INTO letters (account_id, key, kind, lang, recipient, data)
    VALUES ('${reader}', 'waits', 'reset', 'en', 'x@example.org', '{"link": "${SECRET}"}')`,
  `INSERT INTO letters (account_id, key, kind, lang, recipient, data, sent_at)
    VALUES ('${reader}', 'sent', 'reset', 'en', 'x@example.org', '{"link": "${SECRET}"}', now())`,
  `INSERT INTO account_labels VALUES ('${reader}', 'founding member, "quoted"')`,
  `INSERT INTO phrases VALUES ('en', 'nav.join', '"Come in\\n\\u00e9 \\ud83d\\ude00"', now())`,
  "INSERT INTO site_pictures VALUES (repeat('a', 64) || '-32x32.png', '\\x00ff10', now())",
  "INSERT INTO site_setting_changes VALUES (gen_random_uuid(), 'identity', now(), '{}', '{}')",
  "INSERT INTO former_category_slugs VALUES ('cloud', 'cloud-service')",
  `UPDATE organizations SET links = '{https://example.org/o}', lei = '5493001KJTIIGC8Y1R12', wikidata = 'Q42'
    WHERE slug = (SELECT min(slug) FROM organizations)`,
  "INSERT INTO organization_texts SELECT min(slug), 'en', 'Builds harbours.' FROM organizations",
  "INSERT INTO former_organization_slugs SELECT 'an-old-org', min(slug) FROM organizations",
  "INSERT INTO authors VALUES ('mara-m', 'Mara M', '{https://example.org/m}', (SELECT min(id) FROM pictures))",
  "INSERT INTO author_texts VALUES ('mara-m', 'en', 'Writes about harbours.')",
  "INSERT INTO former_author_slugs VALUES ('mara', 'mara-m')",
  "INSERT INTO briefing_authors SELECT id, 'mara-m', 0 FROM briefings",
  "INSERT INTO front_places SELECT id, 'lead', 0 FROM briefings",
  `INSERT INTO reading_list (account_id, briefing_id) SELECT '${reader}', id FROM briefings`,
  `INSERT INTO private_feeds (account_id, hash) VALUES ('${reader}', '${SECRET}9')`,
  `INSERT INTO gift_links (account_id, briefing_id, hash, expires_at)
    SELECT '${reader}', id, '${SECRET}10' || id, now() FROM briefings`,
  "INSERT INTO former_slugs (slug, briefing_id, position) SELECT 'an-old-signal', id, 9 FROM briefings",
  `INSERT INTO picture_sizes (picture_id, width, height, digest, bytes)
    SELECT id, 1, 1, encode(sha256('x'), 'hex'), 'x'
    FROM pictures
    WHERE NOT EXISTS (SELECT FROM picture_sizes) LIMIT 1`,
  "INSERT INTO former_paths (path, briefing_id) SELECT '/an-old-signal', id FROM briefings LIMIT 1",
  "INSERT INTO drawings SELECT repeat('a', 64), id FROM pictures LIMIT 1",
  "INSERT INTO figures SELECT b.id, 'chart.png', p.id FROM briefings b, pictures p LIMIT 1",
  "INSERT INTO edition_placements SELECT e.briefing_id, e.lang, 'chart.png', p.id FROM editions e, pictures p LIMIT 1",
  "INSERT INTO closed_revisions SELECT briefing_id, number, now(), 'A figure was wrong.', 'en' FROM revisions",
  "INSERT INTO revision_pictures SELECT r.briefing_id, r.number, 'chart.png', p.id FROM revisions r, pictures p LIMIT 1",
  "INSERT INTO passage_placements SELECT e.id, 'chart.png', p.id FROM passages e, pictures p LIMIT 1",
  `INSERT INTO restore_points (briefing_id, revision, reason, author_id, content, unfinished)
    SELECT id, 1, 'time', '${admin}', '{}', '{}'
    FROM briefings LIMIT 1`,
  `INSERT INTO passages (briefing_id, kind, key, lang, position, text, from_revision, until_revision,
      restore_point_id)
    SELECT briefing_id, 'counter_view', 'k', 'en', 0, 'as it was', 1, 1, id
    FROM restore_points`,
  "INSERT INTO unfinished SELECT id, '{}' FROM briefings LIMIT 1",
  `INSERT INTO briefings (slug, type, category_slug, domain, impact, confidence, relevance, horizon, original_lang,
      revision, copy_of)
    SELECT 'a-copy', type, category_slug, domain, impact, confidence, relevance, horizon, original_lang, revision, id
    FROM briefings`,
  `INSERT INTO corrections (briefing_id, author_id) SELECT id, '${admin}' FROM briefings LIMIT 1`,
  "INSERT INTO correction_texts SELECT id, 'en', 'It was Tuesday.' FROM corrections",
  "INSERT INTO read_counts SELECT '2026-01-02', id, 10, 5 FROM briefings LIMIT 1",
  "INSERT INTO gate_counts SELECT '2026-01-02', id, 'strategy-circle', 5, 2, 1 FROM briefings LIMIT 1",
  `INSERT INTO page_drafts (page_id, original_lang, texts, authors, saver_id)
    SELECT id, 'en', '{}', '[{"key": "ada", "name": "Ada"}]', '${admin}' FROM pages`,
  "INSERT INTO page_pictures SELECT p.id, 'map.png', f.id FROM pages p, pictures f LIMIT 1",
  "INSERT INTO page_revision_pictures SELECT r.page_id, r.number, 'map.png', f.id FROM page_revisions r, pictures f LIMIT 1",
  `INSERT INTO list_choices (account_id, list, lang, chosen_at) VALUES ('${reader}', 'each', 'en', now())`,
  `INSERT INTO follows (account_id, query, lang, list, chosen_at, created_at)
    VALUES ('${reader}', 'organization=one-org', 'en', 'each', now(), now())`,
  `INSERT INTO subscribers (email, list, lang, confirmed_at) VALUES ('z@example.org', 'daily', 'es', now())`,
  `INSERT INTO mail_blocks (email, kind, source, status, happened_at, noted_at)
    VALUES ('z@example.org', 'bounce', 'message', '5.1.1', now(), now())`,
  `INSERT INTO pending_subscriptions (hash, email, list, lang, expires_at, created_at)
    VALUES ('${SECRET}10', 'w@example.org', 'each', 'en', now(), now())`,
  `INSERT INTO issues (briefing_ids, subjects, audience, state, send_at, created_at, touched_at)
    SELECT array_agg(id), '{"en": "A subject"}', '{"lists": ["each"], "tiers": [], "labels": []}', 'sent', now(),
      now(), now()
    FROM briefings`,
  `INSERT INTO issue_letters (issue_id, account_id, state, sent_at) SELECT id, '${reader}', 'sent', now() FROM issues`,
  `INSERT INTO issue_letters (issue_id, subscriber_id, state, sent_at)
    SELECT i.id, s.id, 'sent', now() FROM issues i, subscribers s`,
  'INSERT INTO issue_clicks SELECT i.id, b.id, 3 FROM issues i, briefings b',
  `INSERT INTO acceptances (account_id, page_id, revision, version, way, accepted_at)
    SELECT '${reader}', page_id, number, 1, 'join', now()
    FROM page_revisions`,
  "INSERT INTO prices VALUES ('price_1', 'prod_1', 'leadership-alliance', 'k', 'month', 'eur', 900, 0, true, now())",
  `INSERT INTO found_prices (stripe_id, product_id, name, currency, subscriptions, counted_at)
    VALUES ('price_2', 'prod_2', 'Old', 'eur', 3, now())`,
  `INSERT INTO customers (account_id, stripe_id) VALUES ('${reader}', 'cus_1')`,
  `INSERT INTO subscriptions (stripe_id, customer_id, status, currency, amount_cents, started_at, access_reason,
      synced_at)
    SELECT 'sub_1', id, 'active', 'eur', 900, now(), 'paid', now()
    FROM customers`,
  `INSERT INTO invoices (stripe_id, customer_id, status, currency, due_cents, paid_cents, created_at)
    SELECT 'in_1', id, 'paid', 'eur', 900, 900, now()
    FROM customers`,
  `INSERT INTO disputes (stripe_id, customer_id, status, currency, amount_cents, created_at)
    SELECT 'dp_1', id, 'lost', 'eur', 900, now()
    FROM customers`,
  `INSERT INTO revenue_spans (subscription_id, customer_id, tier_slug, currency, monthly_cents, "from")
    SELECT 'sub_1', id, 'leadership-alliance', 'eur', 900, now()
    FROM customers`,
  "INSERT INTO idempotency_failures VALUES ('customer x', 2, now())",
  "INSERT INTO alarms (kind, subject) VALUES ('drift', 'cus_1')",
  `INSERT INTO imports (id, name, state, header, created_at)
    VALUES ('${randomUUID()}', 'members.csv', 'done', '{email}', now()), ('${randomUUID()}', 'more.csv', 'running',
      '{email}', now())`,
  `INSERT INTO import_rows (import_id, number, line, cells)
    SELECT id, 1, 2, ARRAY['z@example.org, "x"']
    FROM imports`,
  `INSERT INTO sandbox_state VALUES ('customers', 1, '{"b": 1,  "a": 2}')`,
  `INSERT INTO audit_entries (actor_id, actor, action, after) VALUES ('${admin}', 'x', 'comp', '{"b": 1}')`,
  "INSERT INTO reconciliations (scope, started_at) VALUES ('all', now())",
  'INSERT INTO setup (id) VALUES (1) ON CONFLICT DO NOTHING',
];
