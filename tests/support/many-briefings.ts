import type { Client } from 'pg';

/**
 * So many published briefings with their texts in two languages, straight into Postgres: in three categories, one every
 * ten minutes back from 1 June 2026. Needs a connection as the superuser.
 */
export async function insertBriefings(client: Client, count: number): Promise<void> {
  await client.query(`INSERT INTO categories (slug, position) VALUES ('many-0', 0), ('many-1', 1), ('many-2', 2)`);
  await client.query(`INSERT INTO category_texts (category_slug, lang, name)
    SELECT 'many-' || n, 'en', 'Many ' || n FROM generate_series(0, 2) n`);
  await client.query(
    `INSERT INTO briefings (slug, state, published_at, type, category_slug, domain, impact, confidence, relevance, horizon, original_lang, revision)
    SELECT 'briefing-' || n, 'published', timestamptz '2026-06-01' - n * interval '10 minutes', 'signal', 'many-' || n % 3, 'technology', 'high', 0.8, 'medium', 'longer', 'en', 1
    FROM generate_series(1, $1::int) n`,
    [count],
  );
  await client.query(`INSERT INTO editions (briefing_id, lang, title, summary, body)
    SELECT id, lang, 'The title of ' || slug, 'The summary of ' || slug, repeat('A sentence of the body. ', 40) FROM briefings, (VALUES ('en'), ('es')) l(lang)`);
  await client.query('VACUUM ANALYZE');
}
