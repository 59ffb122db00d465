import { adminViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { aBuyer, doneAt, see, subscribe, type Buyer } from '../support/billing/buyer';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { until } from '../support/until';

jest.setTimeout(120_000);

/** What both tiers were called, and the short form one of them had. */
const FORMERLY =
  /Strategy Circle|Leadership Alliance|the Alliance|Círculo de Estrategia|Alianza de Liderazgo|la Alianza/;
const NAMES = {
  'strategy-circle': { en: 'Harbour Readers', es: 'Lectores del Puerto' },
  'leadership-alliance': { en: 'Harbour Council', es: 'Consejo del Puerto' },
} as const;

let dossier: Dossier;
let member: Buyer;
let payer: Buyer;
let session: string;
let subscription: string;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  for (const [tierSlug, names] of Object.entries(NAMES))
    for (const [lang, name] of Object.entries(names)) {
      await dossier.wall.write(adminViewer, (db) =>
        db.tierText.update({ where: { tierSlug_lang: { tierSlug, lang } }, data: { name }, select: { lang: true } }),
      );
    }
  [member, payer] = [await aBuyer(dossier), await aBuyer(dossier)];
  ({ session, subscription } = await subscribe(dossier, payer));
});
afterAll(() => dossier.stop());

test.each(['', '/es'])('a renamed tier is called by its name wherever it is named: %s', async (prefix) => {
  const [circle, alliance] = (['strategy-circle', 'leadership-alliance'] as const).map(
    (slug) => NAMES[slug][prefix === '' ? 'en' : 'es'],
  ) as [string, string];
  const anybody = (path: string) => visit(`${dossier.url}${prefix}${path}`);
  const pages: readonly (readonly [string, ReturnType<typeof visit>, readonly string[]])[] = [
    ['join', anybody('/join/strategy-circle'), [circle]],
    ['join the paid one', anybody('/join/leadership-alliance'), [alliance]],
    ['login', anybody('/login'), []],
    ['pricing', anybody('/pricing'), [circle, alliance]],
    ['gates', anybody('/briefings/a-signal'), [circle, alliance]],
    ['account', see(dossier, member, `${prefix}/account`), [circle]],
    ['billing, nothing paid', see(dossier, member, `${prefix}/account/billing`), [alliance]],
    ['billing, paid', see(dossier, payer, `${prefix}/account/billing`), [alliance]],
    ['ending it', see(dossier, payer, `${prefix}/account/billing/cancel?subscription=${subscription}`), [circle]],
    ['welcome', see(dossier, payer, `${prefix}${doneAt(session)}`), [alliance]],
  ];
  for (const [name, asked, named] of pages) {
    const page = await asked;
    expect([
      name,
      page.status,
      FORMERLY.exec(page.text)?.[0] ?? null,
      named.filter((one) => !page.text.includes(one)),
    ]).toEqual([name, 200, null, []]);
  }
});

test('letters call it so too', async () => {
  const welcome = async () =>
    (await visit(`${dossier.url}/dev/mail`)).html
      .querySelectorAll('main a')
      .find((one) => one.text.includes('Harbour Council'));
  await until(async () => (await welcome()) !== undefined);
  const letter = await visit(`${dossier.url}${(await welcome())!.getAttribute('href')!}`);
  expect([letter.status, FORMERLY.exec(letter.text)?.[0] ?? null]).toEqual([200, null]);
});
