import { randomUUID } from 'node:crypto';
import { adminViewer } from '../access/viewer';
import { lockShape, makeWord, openKind, type GrowingGroup } from '../admin/shape/change';
import { loadSetting, saveSetting, settingVersion } from '../site/settings/save';
import type { SettingName, SettingValue } from '../site/settings/schemas';
import type { KindShape } from '../site/shape/shape';
import type { Wall } from '../stores/postgres/wall';

// A publication as a publisher sets one up for themselves: nothing of it is as delivered, and all of it is walked.

/** What it is called; the software's name is to stand nowhere in it. */
export const OWN_NAME = 'Hudson Climate Desk';

/** Its languages, the first one first: one that is not delivered, and one from right to left. */
const LANGUAGES = [
  { code: 'de', dir: 'ltr', on: true },
  { code: 'es', dir: 'ltr', on: true },
  { code: 'he', dir: 'rtl', on: true },
  { code: 'en', dir: 'ltr', on: false },
] as const;

/** Tiers between and above those that are delivered. */
const TIERS = [
  { slug: 'tide-watchers', rank: 15, name: 'Tide Watchers', joining: 'invitation' },
  { slug: 'harbour-patrons', rank: 30, name: 'Harbour Patrons', joining: 'paid' },
] as const;

/** A kind of each of the four shapes, each opened by another tier. */
export const OWN_KINDS: readonly { readonly slug: string; readonly shape: KindShape; readonly tier: string }[] = [
  { slug: 'tide-tables', shape: 'one-text', tier: 'harbour-patrons' },
  { slug: 'sealed-forecasts', shape: 'list', tier: 'tide-watchers' },
  { slug: 'harbour-notes', shape: 'per-organization', tier: 'strategy-circle' },
  { slug: 'gauge-readings', shape: 'per-source', tier: 'leadership-alliance' },
];

const WORDS: readonly { readonly group: GrowingGroup; readonly slug: string }[] = [
  { group: 'types', slug: 'field-report' },
  { group: 'domains', slug: 'coastlines' },
  { group: 'facts', slug: 'gauge' },
  { group: 'lists', slug: 'what-rises' },
  { group: 'impact', slug: 'once-in-a-century' },
];

async function set<Name extends SettingName>(
  wall: Wall,
  name: Name,
  change: Partial<SettingValue<Name>>,
): Promise<void> {
  const before = await wall.read(adminViewer, (db) => loadSetting(db, name));
  const by = { actor: { id: null, name: 'the leak oracle' } };
  const seen = settingVersion(before);
  await saveSetting(wall, {
    name,
    value: { ...before, ...change },
    expectedVersion: seen,
    submissionId: randomUUID(),
    at: new Date(),
    by,
  });
}

/** Makes one, in a database that is nobody's: it is not taken away again. */
export async function makeOwnPublication(wall: Wall): Promise<void> {
  await set(wall, 'identity', { name: { de: OWN_NAME }, tagline: { de: 'Was steigt' } });
  await set(wall, 'mail', { senderAddress: 'post@house.example', postalAddress: 'Pier 1, New York' });
  await set(wall, 'looks', { accent: '#ffee00', typefaces: 'plex' });
  await set(wall, 'time', { zone: 'America/New_York', dates: 'long' });
  await set(wall, 'money', { currency: 'usd' });
  await set(wall, 'languages', { list: [...LANGUAGES] });
  await set(wall, 'navigation', {
    main: [{ href: '/pricing', label: { de: 'Preise' } }],
    announcement: { de: 'Wir sind umgezogen' },
  });
  await wall.write(adminViewer, async (db) => {
    for (const { name, ...tier } of TIERS)
      await db.tier.create({
        data: {
          ...tier,
          emblem: 'ring',
          currency: 'usd',
          texts: { create: { lang: 'de', name, blurb: '', benefits: [] } },
        },
        select: { slug: true },
      });
    await lockShape(db);
    const kinds = OWN_KINDS.map(({ slug, shape }) => ({ group: 'kinds', slug, shape }) as const);
    for (const { group, slug, shape } of [...WORDS.map((one) => ({ ...one, shape: 'list' as const })), ...kinds])
      await makeWord(db, group, {
        slug,
        shape,
        place: 'aside',
        texts: [{ lang: 'de', name: `Name ${slug}`, long: null }],
      });
  });
  // What was made is there for others once its transaction is over.
  await wall.write(adminViewer, async (db) => {
    for (const { slug, tier } of OWN_KINDS) await openKind(db, slug, tier);
  });
}
