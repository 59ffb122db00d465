import path from 'node:path';
import { ALARMS } from '../../src/billing/sync/alarms';
import { billingLetterKinds } from '../../src/billing/letters';
import { compose } from '../../src/mail/compose';
import { loadLanguages } from '../../src/lib/language';
import { root } from '../../src/lib/root';
import { settingsAsDelivered } from '../support/settings';

const languages = loadLanguages(path.join(root, 'views/languages'));
const stationery = {
  kinds: billingLetterKinds,
  languages,
  publicUrl: 'https://dossier.example',
  settings: settingsAsDelivered,
  mailFrom: null,
};

const DATA: Readonly<Record<keyof typeof billingLetterKinds, Record<string, string>>> = {
  'subscription-welcome': { tier: 'Leadership Alliance' },
  'payment-failed': {
    tier: 'Leadership Alliance',
    amount: '4900',
    currency: 'eur',
    failed: '2026-03-01T10:00:00.000Z',
    until: '2026-03-08T10:00:00.000Z',
  },
  'authentication-needed': {
    tier: 'Leadership Alliance',
    amount: '4950',
    currency: 'eur',
    until: '2026-03-08T10:00:00.000Z',
  },
  'subscription-will-end': { tier: 'Leadership Alliance', until: '2026-03-31T00:00:00.000Z' },
  'subscription-ended': { tier: 'Leadership Alliance', until: '2026-03-31T00:00:00.000Z' },
  'trial-ends': { tier: 'Leadership Alliance', until: '2026-03-31T00:00:00.000Z', amount: '49000', currency: 'eur' },
  refunded: { amount: '1000', currency: 'eur', day: '2026-03-02T00:00:00.000Z' },
  alarm: { kind: 'drift', subject: 'cus_1' },
};

const kinds = Object.keys(DATA) as (keyof typeof DATA)[];
const letter = (kind: string, lang: string, data: unknown) =>
  compose({ id: 'x', kind, lang, recipient: 'reader@example.org', data }, stationery);

test.each(kinds.flatMap((kind) => languages.all.map(({ code }) => [kind, code] as const)))(
  '%s in %s says everything, and nothing is left open',
  (kind, lang) => {
    const { subject, paragraphs, note, link } = letter(kind, lang, DATA[kind]);
    const words = [subject, ...paragraphs, note, link?.label ?? ''].join('\n');
    expect(words).not.toMatch(/[{}]|undefined|NaN|Invalid|…/);
    expect(link === null || link.href.startsWith(`https://dossier.example${lang === 'en' ? '' : `/${lang}`}/`)).toBe(
      true,
    );
  },
);

test('dates and money are written as the language does', () => {
  expect(letter('payment-failed', 'en', DATA['payment-failed']).paragraphs.join(' ')).toMatch(
    /Mar 1, 2026.*€49 .*Mar 8, 2026/,
  );
  expect(letter('authentication-needed', 'es', DATA['authentication-needed']).paragraphs.join(' ')).toMatch(
    /49,50\s€.*8 mar 2026/,
  );
});

test('a letter whose data has gone, because it was sent, can still be shown', () => {
  for (const kind of kinds) expect(letter(kind, 'en', {}).subject).not.toBe('');
});

test('what is no data of a letter is refused', () => {
  for (const wrong of [{ tier: 'x', more: 'y' }, { tier: 5 }, { until: 'tomorrow' }, 'text', null])
    expect(() => letter('subscription-will-end', 'en', wrong)).toThrow();
  expect(() => letter('constructor', 'en', {})).toThrow('no letter is called constructor');
});

test('every alarm has its words', () => {
  for (const { say } of languages.all) for (const kind of ALARMS) expect(say(`alarm.${kind}`)).not.toBe('');
});
