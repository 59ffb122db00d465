import { ARCHIVE_AUDIT_ACTIONS } from '../admin/audit/archive-actions';
import { accountsViewer, adminViewer, type Viewer } from '../access/viewer';

/** A table whose rows an archive holds. Its columns are those of the database, in the order of their names. */
export interface TakenTable {
  readonly name: string;
  /** Who reads its rows, and writes them elsewhere. */
  readonly viewer: Viewer;
  /** Columns that are not in it, with why: elsewhere they are as a new row has them. */
  readonly without?: Readonly<Record<string, string>>;
  /** Values that stand for what a column holds here, as SQL. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Which rows: a condition, as SQL. */
  readonly where?: string;
  /** What comes before the key in the order of rows, as SQL: a row stands behind those that it needs. */
  readonly order?: string;
  /** Has a database rows of it that nobody has written into it? The archive's take their place. */
  readonly seeded?: true;
}

const desk = (name: string, more: Omit<TakenTable, 'name' | 'viewer'> = {}): TakenTable => ({
  name,
  viewer: adminViewer,
  ...more,
});
const registrar = (name: string, more: Omit<TakenTable, 'name' | 'viewer'> = {}): TakenTable => ({
  name,
  viewer: accountsViewer,
  ...more,
});

const SECOND_FACTOR = 'the secret of a second factor: it is asked for anew';
const BYTES = 'the bytes are files of the archive';
const OBJECT = 'names an object of the bucket, which is never shared';

/** What an archive holds, each table behind those that its rows need. */
export const TAKEN: readonly TakenTable[] = [
  desk('shape_words', { seeded: true }),
  desk('shape_texts', { seeded: true }),
  desk('tiers', { seeded: true }),
  desk('tier_texts', { seeded: true }),
  desk('gates', { seeded: true }),
  desk('confidence_needs', { seeded: true }),
  desk('site_settings', { seeded: true }),
  // Few and small: their bytes stand in the rows.
  desk('site_pictures', { seeded: true }),
  desk('phrases'),
  registrar('accounts', {
    without: {
      totp_secret: SECOND_FACTOR,
      totp_confirmed_at: SECOND_FACTOR,
      totp_last_step: SECOND_FACTOR,
    },
  }),
  registrar('account_labels'),
  registrar('grants'),
  registrar('list_choices'),
  registrar('follows'),
  registrar('subscribers'),
  registrar('mail_blocks'),
  desk('categories'),
  desk('category_texts'),
  desk('former_category_slugs'),
  desk('organizations'),
  desk('organization_texts'),
  desk('former_organization_slugs'),
  desk('pictures', { without: { bytes: BYTES, object: OBJECT } }),
  desk('picture_sizes', { without: { bytes: BYTES, object: OBJECT } }),
  desk('drawings'),
  desk('authors'),
  desk('author_texts'),
  desk('former_author_slugs'),
  desk('briefings', { order: '(t.copy_of IS NOT NULL)' }),
  desk('briefing_authors'),
  desk('front_places'),
  desk('former_slugs'),
  desk('former_paths'),
  desk('editions'),
  desk('explanations'),
  desk('facts'),
  desk('list_items'),
  desk('sources'),
  desk('source_texts'),
  desk('linked_organizations'),
  desk('figures'),
  desk('edition_placements'),
  desk('revisions'),
  desk('closed_revisions'),
  desk('revision_pictures'),
  desk('restore_points'),
  desk('unfinished'),
  desk('corrections'),
  desk('correction_texts'),
  desk('passages', { without: { search: 'what is searched is made of the text' } }),
  desk('passage_placements'),
  desk('read_counts'),
  desk('gate_counts'),
  desk('pages'),
  desk('page_pictures'),
  desk('page_revisions'),
  desk('page_revision_pictures'),
  desk('page_drafts'),
  desk('former_page_slugs'),
  registrar('reading_list'),
  registrar('acceptances'),
  registrar('prices', { seeded: true }),
  registrar('found_prices'),
  registrar('customers'),
  registrar('subscriptions'),
  registrar('invoices'),
  registrar('disputes'),
  registrar('revenue_spans'),
  registrar('idempotency_failures', { seeded: true }),
  registrar('alarms', { seeded: true }),
  // Only that they were sent, so that nobody is told twice; one that waits is sent by the house that wrote it.
  registrar('letters', { where: 't.sent_at IS NOT NULL', instead: { data: "'{}'::jsonb", failure: 'NULL::text' } }),
  // What was sent, so that a digest repeats nothing; what waits is sent by the house that wrote it.
  registrar('issues', { where: "t.state IN ('stopped', 'sent')" }),
  registrar('issue_letters', {
    without: { former_subscriber_id: 'who has left is known for thirty days, and not elsewhere' },
    where: "EXISTS (SELECT FROM public.issues i WHERE i.id = t.issue_id AND i.state IN ('stopped', 'sent'))",
  }),
  registrar('issue_clicks', {
    where: "EXISTS (SELECT FROM public.issues i WHERE i.id = t.issue_id AND i.state IN ('stopped', 'sent'))",
  }),
  // One that is being worked on is begun anew elsewhere: its jobs stay behind.
  registrar('imports', { where: "t.state IN ('stopped', 'done', 'taken-back')" }),
  registrar('import_rows', {
    where:
      "EXISTS (SELECT FROM public.imports i WHERE i.id = t.import_id AND i.state IN ('stopped', 'done', 'taken-back'))",
  }),
  registrar('sandbox_state', { seeded: true }),
  // Those about archives belong to the house in which it was done.
  registrar('audit_entries', { where: `t.action NOT IN ('${ARCHIVE_AUDIT_ACTIONS.join("', '")}')` }),
];

/** What an archive does not hold, and why. With its schema where that is not `public`. */
export const LEFT: Readonly<Record<string, string>> = {
  _prisma_migrations: 'says how the database was made: the new one says it of itself',
  api_tokens: 'keys for programs: they are made anew',
  former_subscribers: 'that somebody left: known for thirty days',
  gift_links: 'links to be opened at the former address, for some days',
  import_texts: 'sealed by the keys of this house: the export of the former platform is sent again',
  import_pictures: 'sealed as well: the pictures of the former platform are sent again',
  inbox: 'what Stripe has told, which Stripe still knows: billing is reconciled instead',
  invitations: 'links to be opened once: whoever has not come yet is invited anew',
  known_devices: 'hashes of cookies of the former address',
  link_tokens: 'links to be opened once',
  mail_report_tokens: 'that a report was taken: known for two days',
  logins: 'sessions: everybody logs in anew',
  webhooks: 'their secrets are sealed by the keys of this house, and they tell programs of it: made anew elsewhere',
  webhook_deliveries: 'what was told to these programs, for a month',
  webhook_members: 'what these programs were told last',
  passkeys: 'made for the former address; a way in is made anew',
  pending_joins: 'links to be opened once',
  pending_subscriptions: 'links to be opened once',
  private_feeds: 'addresses that prove whose they are: they are made anew',
  published_revisions: 'kept by a trigger as revisions are written',
  reconciliations: 'comparisons with Stripe: the first one elsewhere looks at everybody',
  recovery_codes: SECOND_FACTOR,
  sessions: 'sessions: everybody logs in anew',
  setup: 'an installation that has no admin yet: after an import it has one',
  site_setting_changes: 'goes with no export (docs/decisions/0037)',
  'wall.briefing_counts': 'counted by triggers as rows are written',
  'wall.keys': 'keys of connections',
  'wall.search_langs': 'what is searched is made of the texts',
  'wall.search_pending': 'what is searched is made of the texts',
  'wall.search_texts': 'what is searched is made of the texts',
  'wall.search_words': 'what is searched is made of the texts',
};
